using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using ChunkStream.Cli.Commands;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Running;

namespace ChunkStream.Cli;

/// <summary>The program <c>chunkstream</c>: its commands, and from arguments to exit code.</summary>
internal static class CommandLine
{
    private const string Description = """
        Moves large files over bad networks, and keeps them.

        Exit codes: 0 done, 1 failed, 2 usage, 3 could not reach or not allowed, 4 integrity, 130 interrupted.
        """;

    public static async Task<int> RunAsync(string[] args, CliEnvironment environment, CancellationToken cancellationToken)
    {
        RootCommand root = Create(environment);
        if (args.Length == 0)
        {
            await root.Parse("--help").InvokeAsync(new() { Output = environment.Error }, cancellationToken);
            return ExitCode.Usage;
        }
        ParseResult parse = root.Parse(args);
        // Asking for help is no mistake, whatever else is missing.
        if (parse.Action is ParseErrorAction || (parse.Errors.Count > 0 && parse.Action is not SynchronousCommandLineAction))
            return Reporter.Report(parse, environment, Usage(parse));
        var configuration = new InvocationConfiguration
        {
            Output = environment.Out,
            Error = environment.Error,
            EnableDefaultExceptionHandler = false,
            // Signals are Interrupts' business: a command ends in order, however long that takes.
            ProcessTerminationTimeout = null,
        };
        return await parse.InvokeAsync(configuration, cancellationToken);
    }

    private static RootCommand Create(CliEnvironment environment)
    {
        var root = new RootCommand(Description)
        {
            ServeCommand.Create(environment),
            SendCommand.Create(environment),
            GetCommand.Create(environment),
            ListCommand.Create(environment),
            ShowCommand.Create(environment),
            WatchCommand.Create(environment),
            StateCommand.Pause(environment),
            StateCommand.Resume(environment),
            StateCommand.Cancel(environment),
            PriorityCommand.Create(environment),
            RemoveCommand.Create(environment),
            VerifyCommand.Create(environment),
            PathsCommand.Create(environment),
            DoctorCommand.Create(environment),
            BenchCommand.Create(environment),
            DemoCommand.Create(environment),
        };
        GlobalOptions.AddTo(root);
        return root;
    }

    private static Fault Usage(ParseResult parse)
    {
        string command = parse.CommandResult.Command is RootCommand ? "" : " " + parse.CommandResult.Command.Name;
        string mistakes = string.Join(" ", parse.Errors.Select(Explain));
        return new("usage", $"{mistakes} See: chunkstream{command} --help", ExitCode.Usage);
    }

    // The parser's own words for an argument that is missing don't say which.
    private static string Explain(ParseError error) => error.SymbolResult is ArgumentResult { Tokens.Count: 0, Parent: CommandResult } missing
        ? $"{missing.Argument.Name} is missing."
        : error.Message.Trim();
}
