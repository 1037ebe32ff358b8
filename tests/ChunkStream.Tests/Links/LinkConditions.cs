namespace ChunkStream.Tests.Links;

/// <summary>What a link is like now, in each direction.</summary>
internal sealed record LinkConditions
{
    public static LinkConditions Clean { get; } = new();

    /// <summary>One way.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Up to so much more delay, even. Packets keep their order.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>The share of packets that is lost.</summary>
    public double Loss { get; init; }

    /// <summary>The share of packets that overtake those before them.</summary>
    public double Reordering { get; init; }

    /// <summary>Mbit/s; 0 is unlimited.</summary>
    public double RateMbit { get; init; }

    /// <summary>Each new client's second datagram is lost, which of QUIC is the last of its handshake.</summary>
    public bool LosesSecond { get; init; }

    /// <summary>Nothing comes through, and nobody is told.</summary>
    public bool IsHole { get; init; }
}
