namespace ChunkStream.Sdk.Control;

/// <summary>A path's smoothed health, as <c>/api/v1/paths</c> shows it.</summary>
public sealed record PathState
{
    public required string Key { get; init; }
    public required string Status { get; init; }
    public required double RoundTripMs { get; init; }
    public required double BytesPerSecond { get; init; }
    public required double LossRate { get; init; }
    public required long Bytes { get; init; }
    public required long Chunks { get; init; }
    public required long Failures { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}
