namespace ChunkStream.Abstractions.Paths;

/// <summary>A path's health: smoothed values and what they add up to.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.path.info")]
public sealed record PathInfo
{
    /// <summary>Local address, arrow, gateway endpoint and kind, such as <c>192.0.2.1&gt;198.51.100.7:7071/quic</c>.</summary>
    [Id(0)] public required string Key { get; init; }
    [Id(1)] public required PathStatus Status { get; init; }
    [Id(2)] public required TimeSpan RoundTrip { get; init; }
    [Id(3)] public required double BytesPerSecond { get; init; }

    /// <summary>0 to 1; null where it was never known.</summary>
    [Id(4)] public required double? LossRate { get; init; }
    [Id(5)] public required long Bytes { get; init; }
    [Id(6)] public required long Chunks { get; init; }
    [Id(7)] public required long Failures { get; init; }
    [Id(8)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Of the bytes, those that went from the service to clients.</summary>
    [Id(9)] public long ReceivedBytes { get; init; }
    [Id(10)] public long ReceivedChunks { get; init; }
    [Id(11)] public long ResentChunks { get; init; }
    [Id(12)] public long HedgedChunks { get; init; }
    [Id(13)] public long CancelledChunks { get; init; }
    [Id(14)] public long Connections { get; init; }
}
