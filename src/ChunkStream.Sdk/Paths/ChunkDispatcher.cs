namespace ChunkStream.Sdk.Paths;

/// <summary>
/// Step 3 of 8, schedule. From <see cref="Sending.StripeProducer"/>, to <see cref="Sending.SendingLane"/>. Hands the next chunk to the
/// path that would deliver it first, in seconds: what is in flight there over its measured rate, plus its round trip. Where that path is
/// full, another may take it that has delivered it before all paths together have delivered what waits; else the chunk waits too, as
/// at the end, when a slow path would be the last. Thread-safe.
/// </summary>
internal sealed class ChunkDispatcher<T> where T : class
{
    private const double LateFactor = 2, LateAtLeastSeconds = 1;

    private readonly Lock _lock = new();
    private readonly LinkedList<(T Item, long Bytes)> _urgent = new();
    private readonly Queue<(T Item, long Bytes)> _normal = new();
    private readonly List<PathLink> _paths = [];
    private readonly List<Waiter> _waiters = [];
    private long _waitingBytes;

    /// <summary>Paths that are up, as they are now.</summary>
    public int PathCount
    {
        get
        {
            lock (_lock) return _paths.Count;
        }
    }

    /// <summary>Items in line, as they are now.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_lock) return _urgent.Count + _normal.Count;
        }
    }

    public void Add(PathLink path)
    {
        lock (_lock)
        {
            _paths.Add(path);
            Match();
        }
    }

    /// <summary>The path is gone; its lanes have given back what they had.</summary>
    public void Remove(PathLink path)
    {
        lock (_lock)
        {
            _paths.Remove(path);
            Match();
        }
    }

    /// <summary>Puts an item in line; before all others where it is needed again.</summary>
    public void Put(T item, long bytes, bool urgent)
    {
        lock (_lock)
        {
            _waitingBytes += bytes;
            if (urgent) _urgent.AddLast((item, bytes));
            else _normal.Enqueue((item, bytes));
            Match();
        }
    }

    /// <summary>A path has become suspect or well again: what waited for it may go elsewhere.</summary>
    public void Reconsider()
    {
        lock (_lock) Match();
    }

    /// <summary>Whether another path than this is up and well.</summary>
    public bool HasOther(PathLink path)
    {
        lock (_lock) return _paths.Exists(other => other != path && other.IsWell);
    }

    /// <summary>How long a chunk may be on its way over this path before it is late: well over what the best other takes. Null without another.</summary>
    public TimeSpan? LateAfter(PathLink path)
    {
        lock (_lock)
        {
            double guess = PathLink.Guess(_paths);
            double? best = _paths.Where(other => other != path && other.IsWell).Min(other => (double?)other.SecondsToDeliver(0, guess));
            return best is { } seconds ? TimeSpan.FromSeconds(Math.Max(LateFactor * seconds, LateAtLeastSeconds)) : null;
        }
    }

    /// <summary>A chunk is late on this path: what crosses in its place shouldn't be late too.</summary>
    public void Late(PathLink path)
    {
        lock (_lock)
        {
            path.IsLate = true;
            Match();
        }
    }

    /// <summary>Whether something waits, it is this path's turn too, and none of its lanes is free to take it.</summary>
    public bool WantsLane(PathLink path)
    {
        lock (_lock)
            return (_urgent.Count > 0 || _normal.Count > 0) && PathLink.Turn(_paths).Contains(path) && !_waiters.Exists(waiter => waiter.Path == path);
    }

    /// <summary>The next item for a lane of this path. It counts as in flight there until it is delivered or given back.</summary>
    /// <param name="path">The lane's path.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="isFirst">
    /// The lane has taken nothing yet: it goes before the others. A new connection that waited for its turn would begin with a trickle, which
    /// BBR takes for all that the path carries.
    /// </param>
    /// <param name="onLane">
    /// How much is on its way on the lane: that which has least is next. Taken in turn, all lanes would be no faster than the slowest, before
    /// which the path's share piles up. Null: nothing is.
    /// </param>
    public async ValueTask<T> TakeAsync(PathLink path, CancellationToken cancellationToken, bool isFirst = false, Func<int>? onLane = null)
    {
        var waiter = new Waiter(path, onLane);
        lock (_lock)
        {
            _waiters.Insert(isFirst ? 0 : _waiters.Count, waiter);
            Match();
        }
        if (waiter.Task.IsCompletedSuccessfully) return await waiter.Task.ConfigureAwait(false);
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) =>
            {
                var (dispatcher, waiter) = ((ChunkDispatcher<T>, Waiter))state!;
                lock (dispatcher._lock)
                    if (!dispatcher._waiters.Remove(waiter)) return;
                waiter.TrySetCanceled(token);
            },
            (this, waiter));
        return await waiter.Task.ConfigureAwait(false);
    }

    /// <summary>The same, and null where the wait is cancelled.</summary>
    public async ValueTask<T?> TryTakeAsync(PathLink path, bool isFirst, CancellationToken cancellationToken, Func<int>? onLane = null)
    {
        if (cancellationToken.IsCancellationRequested) return null;
        try
        {
            return await TakeAsync(path, cancellationToken, isFirst, onLane).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The other side has it.</summary>
    public void Delivered(PathLink path, long bytes)
    {
        lock (_lock)
        {
            path.Deliver(bytes);
            Match();
        }
    }

    /// <summary>It won't be delivered by this path; whoever took it decides what becomes of it.</summary>
    public void GivenBack(PathLink path, long bytes)
    {
        lock (_lock)
        {
            path.Stop(bytes);
            Match();
        }
    }

    public long DeliveredBytes(PathLink path)
    {
        lock (_lock) return path.DeliveredBytes;
    }

    public void Measured(PathLink path, TimeSpan roundTrip)
    {
        lock (_lock) path.Measured(roundTrip);
    }

    /// <summary>Every item that waits, taken out of line.</summary>
    public IReadOnlyList<T> Clear()
    {
        lock (_lock)
        {
            T[] items = [.. _urgent.Concat(_normal).Select(entry => entry.Item)];
            _urgent.Clear();
            _normal.Clear();
            _waitingBytes = 0;
            return items;
        }
    }

    private void Match()
    {
        while (_waiters.Count > 0 && (_urgent.Count > 0 || _normal.Count > 0))
        {
            var (item, bytes) = _urgent.First?.Value ?? _normal.Peek();
            int index = TakerOf(bytes);
            if (index < 0) return;
            Waiter taker = _waiters[index];
            _waiters.RemoveAt(index);
            if (_urgent.Count > 0) _urgent.RemoveFirst();
            else _normal.Dequeue();
            _waitingBytes -= bytes;
            taker.Path.Start(bytes);
            taker.TrySetResult(item);
        }
    }

    // The lane that is to take the next item; -1: it waits.
    private int TakerOf(long bytes)
    {
        if (_paths.Count <= 1) return _paths.Count == 0 ? -1 : WaiterOf(_paths[0]);
        IReadOnlyList<PathLink> turn = PathLink.Turn(_paths);
        double guess = PathLink.Guess(_paths);
        PathLink best = turn.MinBy(path => path.SecondsToDeliver(bytes, guess))!;
        int index = WaiterOf(best);
        if (index >= 0) return index;
        double all = (turn.Sum(path => path.InFlightBytes) + _waitingBytes) / turn.Sum(path => path.BelievedBytesPerSecond ?? guess);
        double soonest = double.MaxValue;
        foreach (PathLink path in turn)
        {
            double seconds = path.SecondsToDeliver(bytes, guess);
            if (seconds <= all && seconds < soonest && WaiterOf(path) is >= 0 and int other) (index, soonest) = (other, seconds);
        }
        return index;
    }

    private int WaiterOf(PathLink path)
    {
        if (path.IsFull) return -1;
        (int index, int least) = (-1, int.MaxValue);
        for (int waiter = 0; waiter < _waiters.Count; waiter++)
            if (_waiters[waiter].Path == path && _waiters[waiter].OnLane is int onLane && onLane < least) (index, least) = (waiter, onLane);
        return index;
    }

    private sealed class Waiter(PathLink path, Func<int>? onLane) : TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public PathLink Path => path;

        public int OnLane => onLane?.Invoke() ?? 0;
    }
}
