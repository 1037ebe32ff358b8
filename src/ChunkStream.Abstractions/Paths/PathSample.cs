namespace ChunkStream.Abstractions.Paths;

/// <summary>What one transfer measured on a path since its last sample.</summary>
/// <param name="RoundTrip">Shortest round trip of late; null where none was measured.</param>
/// <param name="BytesPerSecond">Delivered bytes a second while the path was busy; null where it was idle.</param>
/// <param name="LossRate">Share of packets lost, 0 to 1; null where it can't be known, as over QUIC.</param>
/// <param name="Bytes">Bytes delivered.</param>
/// <param name="Chunks">Chunks delivered.</param>
/// <param name="Failures">Times that a connection or lane failed.</param>
[GenerateSerializer, Immutable, Alias("chunkstream.path.sample")]
public sealed record PathSample(
    [property: Id(0)] TimeSpan? RoundTrip, [property: Id(1)] double? BytesPerSecond, [property: Id(2)] double? LossRate,
    [property: Id(3)] long Bytes, [property: Id(4)] long Chunks, [property: Id(5)] int Failures)
{
    /// <summary>Of the bytes, those that went from the service to the client.</summary>
    [Id(6)] public long ReceivedBytes { get; init; }

    /// <summary>Of the chunks, those that went from the service to the client.</summary>
    [Id(7)] public long ReceivedChunks { get; init; }

    /// <summary>Chunks that had to be sent or asked for again.</summary>
    [Id(8)] public long ResentChunks { get; init; }

    /// <summary>Chunks that crossed here in place of another that was late.</summary>
    [Id(9)] public long HedgedChunks { get; init; }

    /// <summary>Chunks that were called off on their way.</summary>
    [Id(10)] public long CancelledChunks { get; init; }

    /// <summary>Connections that were opened.</summary>
    [Id(11)] public long Connections { get; init; }
}
