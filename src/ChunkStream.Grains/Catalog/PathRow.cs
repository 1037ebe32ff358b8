using ChunkStream.Abstractions.Paths;

namespace ChunkStream.Grains.Catalog;

/// <summary>A row of the table <c>paths</c>.</summary>
internal sealed record PathRow
{
    public const string Columns = """
        owner AS Owner, key AS Key, status AS Status, round_trip_us AS RoundTripUs, bytes_per_second AS BytesPerSecond,
        loss_rate AS LossRate, bytes AS Bytes, chunks AS Chunks, failures AS Failures, updated_at AS UpdatedAt,
        received_bytes AS ReceivedBytes, received_chunks AS ReceivedChunks, resent_chunks AS ResentChunks, hedged_chunks AS HedgedChunks,
        cancelled_chunks AS CancelledChunks, connections AS Connections
        """;

    public required string Owner { get; init; }
    public required string Key { get; init; }
    public int Status { get; init; }
    public long RoundTripUs { get; init; }
    public double BytesPerSecond { get; init; }
    public double? LossRate { get; init; }
    public long Bytes { get; init; }
    public long Chunks { get; init; }
    public long Failures { get; init; }
    public long UpdatedAt { get; init; }
    public long ReceivedBytes { get; init; }
    public long ReceivedChunks { get; init; }
    public long ResentChunks { get; init; }
    public long HedgedChunks { get; init; }
    public long CancelledChunks { get; init; }
    public long Connections { get; init; }

    public static PathRow From(string owner, PathInfo path) => new()
    {
        Owner = owner,
        Key = path.Key,
        Status = (int)path.Status,
        RoundTripUs = (long)path.RoundTrip.TotalMicroseconds,
        BytesPerSecond = path.BytesPerSecond,
        LossRate = path.LossRate,
        Bytes = path.Bytes,
        Chunks = path.Chunks,
        Failures = path.Failures,
        UpdatedAt = path.UpdatedAt.ToUnixTimeMilliseconds(),
        ReceivedBytes = path.ReceivedBytes,
        ReceivedChunks = path.ReceivedChunks,
        ResentChunks = path.ResentChunks,
        HedgedChunks = path.HedgedChunks,
        CancelledChunks = path.CancelledChunks,
        Connections = path.Connections,
    };

    public PathInfo ToInfo() => new()
    {
        Key = Key,
        Status = (PathStatus)Status,
        RoundTrip = TimeSpan.FromMicroseconds(RoundTripUs),
        BytesPerSecond = BytesPerSecond,
        LossRate = LossRate,
        Bytes = Bytes,
        Chunks = Chunks,
        Failures = Failures,
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt),
        ReceivedBytes = ReceivedBytes,
        ReceivedChunks = ReceivedChunks,
        ResentChunks = ResentChunks,
        HedgedChunks = HedgedChunks,
        CancelledChunks = CancelledChunks,
        Connections = Connections,
    };
}
