using System.CommandLine;
using System.Globalization;
using ChunkStream.Cli.Failures;
using ChunkStream.Cli.Output;
using ChunkStream.Cli.Parsing;
using ChunkStream.Cli.Running;
using ChunkStream.Sdk.Control;
using Spectre.Console;

namespace ChunkStream.Cli.Commands;

/// <summary><c>chunkstream paths [--watch]</c></summary>
internal static class PathsCommand
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private static readonly Option<bool> Watch = new("--watch", "-w")
    {
        Description = "Go on showing them, each second, until Ctrl-C. With --json: a document a line.",
    };

    public static Command Create(CliEnvironment environment) =>
        new Command("paths", "Lists the network paths that are and were used, and their health. Paths in use are shown as they are now.")
        {
            Watch,
        }.Runs(environment, async (call, cancellationToken) =>
        {
            if (call.Value(Watch)) await WatchAsync(call, cancellationToken);
            else Write(call, await call.Control.ListPathsAsync(cancellationToken));
            return ExitCode.Done;
        });

    // Being stopped is how it ends, and no failure.
    private static async Task WatchAsync(Call call, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Every, call.Environment.Time);
        try
        {
            if (call.IsJson || !call.Environment.IsOutTerminal)
            {
                do Write(call, await call.Control.ListPathsAsync(cancellationToken));
                while (await timer.WaitForNextTickAsync(cancellationToken));
                return;
            }
            await call.Results.Live(TableOf([])).StartAsync(async live =>
            {
                do live.UpdateTarget(TableOf(await call.Control.ListPathsAsync(cancellationToken)));
                while (await timer.WaitForNextTickAsync(cancellationToken));
            });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private static void Write(Call call, IReadOnlyList<PathState> paths) =>
        call.Write(new { items = paths }, console => console.Write(TableOf(paths)));

    private static Table TableOf(IReadOnlyList<PathState> paths)
    {
        Table table = Texts.Plain(
            "STATUS", "ROUND TRIP", "RATE", "LOSS", "SENT", "RECEIVED", "CHUNKS", "RESENT", "HEDGED", "CANCELLED", "CONNECTIONS", "FAILURES", "UPDATED", "PATH");
        foreach (PathState path in paths)
            table.Row(
                path.Status, path.RoundTripMs.ToString("0.0 ms", CultureInfo.InvariantCulture), SizeText.Format(path.BytesPerSecond) + "/s",
                path.LossRate is { } loss ? (loss * 100).ToString("0.0 '%'", CultureInfo.InvariantCulture) : "?",
                SizeText.Format(path.Bytes - path.ReceivedBytes), SizeText.Format(path.ReceivedBytes),
                Count(path.Chunks), Count(path.ResentChunks), Count(path.HedgedChunks), Count(path.CancelledChunks), Count(path.Connections),
                Count(path.Failures), Texts.Time(path.UpdatedAt), Excerpt.Of(path.Key));
        return table;
    }

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);
}
