using Spectre.Console;

namespace ChunkStream.Cli.Output;

/// <summary>Consoles that draw where somebody watches, and write plain text everywhere else.</summary>
internal static class Consoles
{
    // No terminal is so wide, so nothing is wrapped or cut that another program reads.
    private const int UnboundedColumns = 4096;

    public static IAnsiConsole Create(TextWriter writer, bool isTerminal)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal) console.Profile.Width = UnboundedColumns;
        return console;
    }
}
