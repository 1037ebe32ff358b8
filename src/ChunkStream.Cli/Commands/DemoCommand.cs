using System.CommandLine;
using System.Globalization;
using ChunkStream.Cli.Demo;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Output;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using ChunkStream.Cli.Service;
using ChunkStream.Sdk;
using Spectre.Console;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream demo [FILE]</c></summary>
internal static class DemoCommand
{
    private const long DefaultBytes = 256L << 20;

    private static readonly Argument<string?> Source = new("FILE") { Description = "The file to send. Default: generated data.", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => null };
    private static readonly Option<long?> Size = ValueOptions.Size("--size", "How much data is generated. Default: 256MiB.");
    private static readonly Option<string?> Data = new("--data") { Description = "The service's data folder, which is kept. Default: a temporary one.", HelpName = "DIR" };
    private static readonly Option<TransportChoice?> Transport = ValueOptions.Named<TransportChoice>("--transport", "What lanes run over. Default: auto.");

    public static Command Create(CliEnvironment environment) =>
        new Command("demo", "Shows the whole service at work: loses chunks, interrupts and resumes, deletes shards, and gets the same bytes back.")
        {
            Source, Size, Data, Transport,
        }.Runs(environment, RunAsync);

    private static async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        if (call.Value(Source) is not null && call.Value(Size) is not null) throw CliException.Usage("FILE and --size don't go together: --size is for generated data.");
        var options = new DemoOptions(
            call.Value(Source), call.Value(Size) ?? DefaultBytes, call.Value(Data), call.Value(Transport) ?? TransportChoice.Auto);
        await using var demonstration = new Demonstration(options, call);
        try
        {
            var (report, verdict) = await demonstration.RunAsync(cancellationToken);
            call.Write(report, console => Tell(console, report));
            foreach (string missing in verdict.Missing) call.Say($"chunkstream: {missing} (demo-failed)");
            return verdict.ExitCode;
        }
        catch (ServiceStartException exception)
        {
            throw new CliException(Core.Failures.FailureCode.Conflict, exception.Message);
        }
    }

    private static void Tell(IAnsiConsole console, DemoReport report)
    {
        var table = new Table { Border = TableBorder.Rounded, ShowHeaders = false };
        table.AddColumn("").AddColumn("");
        table.Row("file", report.FileId.ToString());
        table.Row("size", SizeText.Format(report.Bytes));
        table.Row("BLAKE3", report.Blake3.ToString());
        table.Row("lanes over", Number($"{report.Transport}, on {report.Paths} paths"));
        table.Row("sent at", Number($"{report.SendMiBps:0.0} MiB/s"));
        table.Row("received at", Number($"{report.ReceiveMiBps:0.0} MiB/s"));
        table.Row("chunks sent", Number($"{report.ChunksSent}"));
        table.Row("chunks lost on purpose", Number($"{report.ChunksLost}"));
        table.Row("chunks rebuilt", Number($"{report.ChunksRebuilt}"));
        table.Row("committed before the interruption", Number($"{report.ChunksCommittedBeforeInterrupt}"));
        table.Row("of these sent again", Number($"{report.ChunksSentAgainAfterCommit}"));
        table.Row("identical", report.Identical ? "yes" : "no");
        console.Write(table);
    }

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
