namespace ChunkStream.Sdk.Control;

/// <summary>What a client measured on a path since its last report: the body of <c>POST /api/v1/paths</c>.</summary>
public sealed record PathReport
{
    /// <summary>Such as <c>192.0.2.1&gt;198.51.100.7:7071/quic</c>.</summary>
    public required string Key { get; init; }
    public double? RoundTripMs { get; init; }
    public double? BytesPerSecond { get; init; }
    public double? LossRate { get; init; }
    public long Bytes { get; init; }
    public long Chunks { get; init; }
    public int Failures { get; init; }
}
