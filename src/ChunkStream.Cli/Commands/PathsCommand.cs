using System.CommandLine;
using System.Globalization;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Output;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using ChunkStream.Sdk.Control;
using Spectre.Console;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream paths</c></summary>
internal static class PathsCommand
{
    public static Command Create(CliEnvironment environment) =>
        new Command("paths", "Lists the network paths that were used, and their health.").Runs(environment, async (call, cancellationToken) =>
        {
            IReadOnlyList<PathState> paths = await call.Control.ListPathsAsync(cancellationToken);
            call.Write(new { items = paths }, console =>
            {
                Table table = Texts.Plain("STATUS", "ROUND TRIP", "RATE", "LOSS", "CARRIED", "FAILURES", "UPDATED", "PATH");
                foreach (PathState path in paths)
                    table.Row(
                        path.Status, path.RoundTripMs.ToString("0.0 ms", CultureInfo.InvariantCulture), SizeText.Format(path.BytesPerSecond) + "/s",
                        (path.LossRate * 100).ToString("0.0 '%'", CultureInfo.InvariantCulture), SizeText.Format(path.Bytes),
                        path.Failures.ToString(CultureInfo.InvariantCulture), Texts.Time(path.UpdatedAt), Excerpt.Of(path.Key));
                console.Write(table);
            });
            return ExitCode.Done;
        });
}
