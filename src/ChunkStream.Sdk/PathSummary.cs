using ChunkStream.Core.Paths;

namespace ChunkStream.Sdk;

/// <summary>What one path carried during a call.</summary>
/// <param name="Key">Local address, gateway endpoint and kind, such as <c>192.0.2.1&gt;198.51.100.7:7071/quic</c>.</param>
/// <param name="Transport"><c>quic</c> or <c>tls</c>.</param>
/// <param name="Chunks">Chunks delivered.</param>
/// <param name="Bytes">Their bytes, parity included.</param>
/// <param name="RoundTrip">The shortest round trip seen.</param>
public sealed record PathSummary(string Key, string Transport, long Chunks, long Bytes, TimeSpan RoundTrip)
{
    /// <summary>How well it did in the end.</summary>
    public PathCondition Condition { get; init; }

    /// <summary>Share of packets lost, 0 to 1; null where it can't be known, as over QUIC.</summary>
    public double? LossRate { get; init; }

    /// <summary>Connections that were opened.</summary>
    public long Connections { get; init; }

    /// <summary>Chunks that had to be sent or asked for again because this path didn't deliver them.</summary>
    public long ResentChunks { get; init; }

    /// <summary>Chunks that crossed here in place of another that was late.</summary>
    public long HedgedChunks { get; init; }

    /// <summary>Chunks that were called off on their way.</summary>
    public long CancelledChunks { get; init; }
}
