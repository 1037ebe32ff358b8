namespace ChunkStream.Transport.Congestion;

/// <summary>How a lane's sender decides how fast to send.</summary>
public enum CongestionControl
{
    /// <summary>From the bandwidth and the round trip that it measures. Random loss hardly slows it.</summary>
    Bbr,

    /// <summary>By halving on loss, as most systems do by default. Fair among its like, and slow on lossy links.</summary>
    Cubic,
}
