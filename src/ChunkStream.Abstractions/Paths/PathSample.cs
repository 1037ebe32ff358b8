namespace ChunkStream.Abstractions.Paths;

/// <summary>What one transfer measured on a path since its last sample.</summary>
/// <param name="RoundTrip">Median round trip; null where none was measured.</param>
/// <param name="BytesPerSecond">Delivered bytes a second while the path was busy; null where it was idle.</param>
/// <param name="LossRate">Share of chunks or packets lost, 0 to 1.</param>
/// <param name="Bytes">Bytes delivered.</param>
/// <param name="Chunks">Chunks delivered.</param>
/// <param name="Failures">Times that a connection or lane failed.</param>
[GenerateSerializer, Immutable, Alias("chunkstream.path.sample")]
public sealed record PathSample(
    [property: Id(0)] TimeSpan? RoundTrip, [property: Id(1)] double? BytesPerSecond, [property: Id(2)] double? LossRate,
    [property: Id(3)] long Bytes, [property: Id(4)] long Chunks, [property: Id(5)] int Failures);
