using ChunkStream.Transport.Paths;

namespace ChunkStream.Sdk.Paths;

/// <summary>One connection of a path and what runs over it: its lanes, opened and retired one by one, and its meter. Not thread-safe.</summary>
/// <param name="connection">The connection, which becomes this one's.</param>
/// <param name="runLane">Opens a lane on it, runs it, and returns when it has been retired.</param>
/// <param name="runMeter">Runs its meter until cancelled.</param>
/// <param name="cancellationToken">Ends them all.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionLanes(
    IPathConnection connection, Func<IPathConnection, CancellationToken, CancellationToken, Task> runLane,
    Func<ConnectionLanes, CancellationToken, Task> runMeter, TimeProvider time, CancellationToken cancellationToken)
{
    private readonly long _madeAt = time.GetTimestamp();
    private readonly List<(Task Running, CancellationTokenSource Retired)> _lanes = [];
    private readonly CancellationTokenSource _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private Task? _meter;
    private int _retired, _carrying;

    public IPathConnection Connection => connection;

    public TimeSpan Age => time.GetElapsedTime(_madeAt);

    /// <summary>Lanes that take chunks.</summary>
    public int Count => _lanes.Count - _retired;

    /// <summary>Lanes that carry: those that have been retired and have something on its way, too. Thread-safe.</summary>
    public int CarryingCount => Volatile.Read(ref _carrying);

    /// <summary>What runs: it ends by exception, or a lane that has been retired.</summary>
    public IEnumerable<Task> Running => [_meter!, .. _lanes.Select(lane => lane.Running)];

    public void Open()
    {
        // First, so that its first echo waits behind nothing.
        _meter ??= runMeter(this, _ending.Token);
        var retired = new CancellationTokenSource();
        // On the pool: whoever opens several lanes doesn't wait for what the first has to do before it waits.
        _lanes.Add((Task.Run(() => runLane(connection, retired.Token, _ending.Token), CancellationToken.None), retired));
        Volatile.Write(ref _carrying, _lanes.Count);
    }

    /// <summary>Lets one lane end when what it has taken has arrived.</summary>
    public void RetireOne()
    {
        if (Count > 0) _lanes[_retired++].Retired.Cancel();
    }

    /// <summary>Forgets lanes that have been retired and have ended so.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Forget()
    {
        int before = _lanes.Count;
        for (int i = _retired - 1; i >= 0; i--)
        {
            if (!_lanes[i].Running.IsCompletedSuccessfully) continue;
            _lanes[i].Retired.Dispose();
            _lanes.RemoveAt(i);
            _retired--;
        }
        Volatile.Write(ref _carrying, _lanes.Count);
        return _lanes.Count < before;
    }

    /// <summary>Ends what runs, and waits for it.</summary>
    public async Task EndAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        if (_meter is not null) await Task.WhenAll(Running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var (_, retired) in _lanes) retired.Dispose();
        _ending.Dispose();
    }
}
