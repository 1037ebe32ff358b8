using System.Diagnostics.Metrics;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Grains.Transfers;

namespace ChunkStream.Grains;

/// <summary>What grains measure. No ids in labels.</summary>
internal static class GrainMetrics
{
    /// <summary>The meter that every part of the service measures with.</summary>
    public const string MeterName = "ChunkStream";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> TransfersStarted =
        Meter.CreateCounter<long>("chunkstream.transfers.started", "{transfer}", "Transfers that were prepared and may move chunks.");

    private static readonly Counter<long> TransfersCompleted =
        Meter.CreateCounter<long>("chunkstream.transfers.completed", "{transfer}", "Transfers whose file is whole and verified.");

    private static readonly Counter<long> TransfersFailed =
        Meter.CreateCounter<long>("chunkstream.transfers.failed", "{transfer}", "Transfers that ended without a file, by reason.");

    private static readonly UpDownCounter<long> TransfersActive =
        Meter.CreateUpDownCounter<long>("chunkstream.transfers.active", "{transfer}", "Transfers that haven't ended and are loaded in this silo, by state.");

    private static readonly Histogram<long> CommitChunks = Meter.CreateHistogram<long>(
        "chunkstream.session.commit.chunks", "{chunk}", "Chunks that one write of a session recorded.",
        advice: new() { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384] });

    private static readonly Histogram<double> StateWrite = Meter.CreateHistogram<double>(
        "chunkstream.state.write.duration", "s", "How long a write of a grain's state took, waiting for its turn included, by kind of state.",
        advice: new() { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] });

    public static void Started(TransferDirection direction) => TransfersStarted.Add(1, Label(direction));

    public static void Completed(TransferDirection direction) => TransfersCompleted.Add(1, Label(direction));

    public static void Failed(TransferDirection direction, FailureCode code) =>
        TransfersFailed.Add(1, Label(direction), new("code", code.ToName()));

    /// <summary>Counts a transfer in its new state and no longer in its old one. Null, and states that have ended, aren't counted.</summary>
    public static void Moved(TransferState? from, TransferState? to)
    {
        if (from == to) return;
        if (from is { } left && !left.HasEnded()) TransfersActive.Add(-1, Label(left));
        if (to is { } entered && !entered.HasEnded()) TransfersActive.Add(1, Label(entered));
    }

    public static void Committed(long chunks) => CommitChunks.Record(chunks);

    public static void StateWritten(string state, TimeSpan duration) =>
        StateWrite.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("state", state));

    private static KeyValuePair<string, object?> Label(TransferDirection direction) =>
        new("direction", direction is TransferDirection.Send ? "send" : "receive");

    private static KeyValuePair<string, object?> Label(TransferState state) => new("state", state switch
    {
        TransferState.Idle => "idle",
        TransferState.Preparing => "preparing",
        TransferState.Transferring => "transferring",
        TransferState.Paused => "paused",
        TransferState.Completing => "completing",
        TransferState.Completed => "completed",
        _ => "failed",
    });
}
