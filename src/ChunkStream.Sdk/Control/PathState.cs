namespace ChunkStream.Sdk.Control;

/// <summary>A path's smoothed health, as <c>/api/v1/paths</c> shows it.</summary>
public sealed record PathState
{
    public required string Key { get; init; }
    public required string Status { get; init; }
    public required double RoundTripMs { get; init; }
    public required double BytesPerSecond { get; init; }

    /// <summary>0 to 1; null where it was never known, as over QUIC.</summary>
    public double? LossRate { get; init; }
    public required long Bytes { get; init; }
    public required long Chunks { get; init; }
    public required long Failures { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Of the bytes, those that clients received.</summary>
    public long ReceivedBytes { get; init; }
    public long ReceivedChunks { get; init; }
    public long ResentChunks { get; init; }
    public long HedgedChunks { get; init; }
    public long CancelledChunks { get; init; }
    public long Connections { get; init; }
}
