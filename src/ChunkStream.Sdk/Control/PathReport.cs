namespace ChunkStream.Sdk.Control;

/// <summary>What a client measured on a path since its last report: the body of <c>POST /api/v1/paths</c>.</summary>
public sealed record PathReport
{
    /// <summary>Such as <c>192.0.2.1&gt;198.51.100.7:7071/quic</c>.</summary>
    public required string Key { get; init; }
    public double? RoundTripMs { get; init; }
    public double? BytesPerSecond { get; init; }

    /// <summary>0 to 1; null where it can't be known, as over QUIC.</summary>
    public double? LossRate { get; init; }
    public long Bytes { get; init; }
    public long Chunks { get; init; }
    public int Failures { get; init; }

    /// <summary>Of the bytes, those that came from the service.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Of the chunks, those that came from the service.</summary>
    public long ReceivedChunks { get; init; }

    /// <summary>Chunks that had to be sent or asked for again.</summary>
    public long ResentChunks { get; init; }

    /// <summary>Chunks that crossed here in place of another that was late.</summary>
    public long HedgedChunks { get; init; }

    /// <summary>Chunks that were called off on their way.</summary>
    public long CancelledChunks { get; init; }

    /// <summary>Connections that were opened.</summary>
    public long Connections { get; init; }
}
