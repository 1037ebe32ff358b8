using ChunkStream.Protocol.Pacing;

namespace ChunkStream.Sdk.Paths;

/// <summary>The pace of a path, whose connections share one queue at its narrowest link. Thread-safe.</summary>
internal sealed class PathPace(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long _startedAt = time.GetTimestamp();
    private PaceController _controller = new();
    private long _deliveredBytes;
    private int _connections;

    /// <summary>What the path carried lately, in bytes a second, as the service remembers it. 0: nothing is known.</summary>
    public long KnownBytesPerSecond { get; init; }

    /// <summary>Its round trip then, as short as it was. Zero: nothing is known.</summary>
    public TimeSpan KnownRoundTrip { get; init; }

    /// <summary>The pace of the path, in bytes a second. 0: unlimited.</summary>
    public long BytesPerSecond
    {
        get
        {
            lock (_lock) return _controller.BytesPerSecond;
        }
    }

    /// <summary>Whether the path may carry more than it has: its pace is still sought.</summary>
    public bool IsSeeking
    {
        get
        {
            lock (_lock) return _controller.IsSeeking;
        }
    }

    /// <summary>The round trip without a queue; null before the first echo.</summary>
    public TimeSpan? BaseRoundTrip
    {
        get
        {
            lock (_lock) return _controller.BaseRoundTrip;
        }
    }

    /// <summary>A connection joins. The first begins anew: the path may have changed since the last.</summary>
    public void Join(long deliveredBytes)
    {
        lock (_lock)
            if (_connections++ == 0) (_controller, _deliveredBytes) = (new(KnownBytesPerSecond, KnownRoundTrip), deliveredBytes);
    }

    public void Leave()
    {
        lock (_lock) _connections--;
    }

    /// <summary>An echo came back over one of the connections.</summary>
    /// <param name="roundTrip">After this time.</param>
    /// <param name="deliveredBytes">What the path has delivered by now in all.</param>
    public void Echo(TimeSpan roundTrip, long deliveredBytes)
    {
        TimeSpan now = time.GetElapsedTime(_startedAt);
        lock (_lock)
        {
            if (deliveredBytes > _deliveredBytes) _controller.Delivered(deliveredBytes - _deliveredBytes, now);
            _deliveredBytes = Math.Max(_deliveredBytes, deliveredBytes);
            _controller.RoundTrip(roundTrip, now);
        }
    }
}
