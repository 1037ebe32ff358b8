using ChunkStream.Cli.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Output;

/// <summary>The documents that <c>--json</c> writes, where they aren't the service's own.</summary>
internal static class Documents
{
    public static SentDocument Of(SendResult sent, string name) => new(
        sent.TransferId, sent.FileId, name, sent.SizeBytes, sent.ChunkBytes, sent.Blake3, sent.Elapsed.TotalSeconds, sent.ChunksSent, sent.ChunksResent,
        sent.ChunksResumed, sent.ChunksRebuilt, sent.StripeMedian.TotalMilliseconds, sent.StripeP99.TotalMilliseconds, [.. sent.Paths.Select(Of)], Total(sent.Paths));

    public static ReceivedDocument Of(ReceiveResult received) => new(
        received.TransferId, received.FileId, received.OutputPath, received.SizeBytes, received.Blake3, received.Elapsed.TotalSeconds,
        received.ChunksReceived, received.ChunksRebuilt, received.ChunksResumed, [.. received.Paths.Select(Of)], Total(received.Paths));

    private static PathDocument Of(PathSummary path) => new(
        path.Key, path.Transport, EnumNames.Of(path.Condition), path.Chunks, path.Bytes, path.RoundTrip.TotalMilliseconds, path.LossRate, path.Connections,
        path.ResentChunks, path.HedgedChunks, path.CancelledChunks);

    private static PathTotals Total(IReadOnlyList<PathSummary> paths) => new(
        paths.Sum(path => path.Chunks), paths.Sum(path => path.Bytes), paths.Sum(path => path.Connections), paths.Sum(path => path.ResentChunks),
        paths.Sum(path => path.HedgedChunks), paths.Sum(path => path.CancelledChunks));

    /// <summary>The document of <c>send</c>: what was sent, and, where it broke off, why.</summary>
    internal sealed record SendDocument(IReadOnlyList<SentDocument> Files, FaultDocument? Error);

    internal sealed record SentDocument(
        Guid TransferId, Guid FileId, string Name, long Bytes, int ChunkBytes, Digest Blake3, double Seconds, long ChunksSent, long ChunksResent,
        long ChunksResumed, long ChunksRebuilt, double StripeMedianMs, double StripeP99Ms, IReadOnlyList<PathDocument> Paths, PathTotals Total);

    internal sealed record ReceivedDocument(
        Guid TransferId, Guid FileId, string Output, long Bytes, Digest Blake3, double Seconds, long ChunksReceived, long ChunksRebuilt,
        long ChunksResumed, IReadOnlyList<PathDocument> Paths, PathTotals Total);

    internal sealed record PathDocument(
        string Key, string Transport, string Status, long Chunks, long Bytes, double RoundTripMs, double? LossRate, long Connections, long ResentChunks,
        long HedgedChunks, long CancelledChunks);

    /// <summary>What all paths of a call come to: chunks and bytes delivered, and what it took.</summary>
    internal sealed record PathTotals(long Chunks, long Bytes, long Connections, long ResentChunks, long HedgedChunks, long CancelledChunks);
}
