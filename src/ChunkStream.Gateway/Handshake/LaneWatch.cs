namespace ChunkStream.Gateway.Handshake;

/// <summary>The time that a lane has for its next frame: a peer that sends nothing, or a byte a second, is not waited for.</summary>
internal sealed class LaneWatch : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _linked;

    public LaneWatch(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _limit = limit;
        _timeout = new(limit, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _timeout.Token);
    }

    /// <summary>Cancelled when the lane is to end.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>Winds the clock up again: a frame has come whole.</summary>
    public void Restart() => _timeout.CancelAfter(_limit);

    /// <summary>Stops the clock until it is wound up again: it is us who let the peer wait.</summary>
    public void Pause() => _timeout.CancelAfter(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _linked.Dispose();
        _timeout.Dispose();
    }
}
