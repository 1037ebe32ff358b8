using ChunkStream.Transport.Congestion;

namespace ChunkStream.Transport.Listeners;

/// <summary>The bounds of a listener.</summary>
public sealed class LaneListenerOptions
{
    /// <summary>Connections at once; one more is closed at once. Default 1,024. Each costs up to its receive window, 16 MiB, when its peer floods.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>Lanes a QUIC connection: default 64.</summary>
    public int MaxLanesPerConnection { get; init; } = 64;

    /// <summary>How lanes decide how fast to send. Default <see cref="CongestionControl.Bbr"/>. QUIC's is one for the whole process.</summary>
    public CongestionControl Congestion { get; init; }

    /// <summary>A TLS handshake that takes longer is ended. Default 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
