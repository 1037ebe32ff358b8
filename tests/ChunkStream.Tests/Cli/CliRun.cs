using System.Text.Json;
using ChunkStream.Cli;
using ChunkStream.Cli.Running;

namespace ChunkStream.Tests.Cli;

/// <summary>A run of the command line in this process, and what it said.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    /// <summary>The one document of <c>--json</c>; fails where there is none, or more.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static async Task<CliRun> RunAsync(
        string[] args, IReadOnlyDictionary<string, string?>? variables = null, CancellationToken cancellationToken = default)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var state = new TestFolder();
        var environment = new CliEnvironment
        {
            Out = output,
            // Bars and services write from other threads.
            Error = TextWriter.Synchronized(error),
            Variable = name => variables is not null && variables.TryGetValue(name, out string? value) ? value
                : name is "XDG_STATE_HOME" or "XDG_DATA_HOME" ? state.Path : null,
        };
        int exitCode = await CommandLine.RunAsync(args, environment, cancellationToken);
        return new(exitCode, output.ToString(), error.ToString());
    }
}
