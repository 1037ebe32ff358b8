using ChunkStream.Cli.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Sdk;

namespace ChunkStream.Cli.Output;

/// <summary>The documents that <c>--json</c> writes, where they aren't the service's own.</summary>
internal static class Documents
{
    public static SentDocument Of(SendResult sent, string name) => new(
        sent.TransferId, sent.FileId, name, sent.SizeBytes, sent.Blake3, sent.Elapsed.TotalSeconds, sent.ChunksSent, sent.ChunksResent,
        sent.ChunksResumed, sent.ChunksRebuilt, [.. sent.Paths.Select(Of)]);

    public static ReceivedDocument Of(ReceiveResult received) => new(
        received.TransferId, received.FileId, received.OutputPath, received.SizeBytes, received.Blake3, received.Elapsed.TotalSeconds,
        received.ChunksReceived, received.ChunksRebuilt, received.ChunksResumed, [.. received.Paths.Select(Of)]);

    private static PathDocument Of(PathSummary path) => new(path.Key, path.Transport, path.Chunks, path.Bytes, path.RoundTrip.TotalMilliseconds);

    /// <summary>The document of <c>send</c>: what was sent, and, where it broke off, why.</summary>
    internal sealed record SendDocument(IReadOnlyList<SentDocument> Files, FaultDocument? Error);

    internal sealed record SentDocument(
        Guid TransferId, Guid FileId, string Name, long Bytes, Digest Blake3, double Seconds, long ChunksSent, long ChunksResent,
        long ChunksResumed, long ChunksRebuilt, IReadOnlyList<PathDocument> Paths);

    internal sealed record ReceivedDocument(
        Guid TransferId, Guid FileId, string Output, long Bytes, Digest Blake3, double Seconds, long ChunksReceived, long ChunksRebuilt,
        long ChunksResumed, IReadOnlyList<PathDocument> Paths);

    internal sealed record PathDocument(string Key, string Transport, long Chunks, long Bytes, double RoundTripMs);
}
