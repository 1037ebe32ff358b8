namespace ChunkStream.Core.Scheduling;

/// <summary>
/// Between steps 3 and 4 of 8, where bandwidth is scarce. Orders the chunks of all of a process's transfers that are ready to cross: three
/// levels that share the bandwidth as <see cref="BandwidthShares"/> says, in sequence order within a level. A chunk that failed comes back
/// after a pause and keeps its place in the order.
/// <para>Thread-safe. Waits for nothing: <see cref="NextReadyIn"/> says when to ask again.</para>
/// </summary>
public sealed class ChunkQueue<T>
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly QueueLevel<T>[] _levels = [new(), new(), new()];
    private readonly PriorityQueue<QueuedItem<T>, long> _delayed = new();
    private readonly BandwidthShares _shares = new();
    private readonly RateWindow _rate;
    private long _nextSequence;
    private long _requeued;
    private long _rejected;
    private long _removed;
    private long _processed;
    private long _processedBytes;
    private long _waitTicks;
    private long _maxWaitTicks;

    /// <param name="capacity">
    /// The most items that are accepted, 1 or more. Memory is about 48 bytes an item beside the item itself, taken as the queue fills.
    /// Items that come back are accepted beyond it: there are only as many as are being worked on.
    /// </param>
    /// <param name="timeProvider">The clock of waits and pauses.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1.</exception>
    public ChunkQueue(int capacity, TimeProvider timeProvider)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentNullException.ThrowIfNull(timeProvider);
        Capacity = capacity;
        _time = timeProvider;
        _rate = new(timeProvider.TimestampFrequency, timeProvider.GetTimestamp());
    }

    public int Capacity { get; }

    /// <summary>Items in the queue, those that wait for their time included.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return CountLocked;
        }
    }

    private int CountLocked => _levels[0].Count + _levels[1].Count + _levels[2].Count + _delayed.Count;

    /// <summary>Puts an item at the end of its level.</summary>
    /// <param name="item">The item.</param>
    /// <param name="priority">Its level.</param>
    /// <param name="costBytes">Every byte that it will put on the wire. 0 or more.</param>
    /// <returns>False where the queue is full: the item was not taken.</returns>
    public bool TryEnqueue(T item, Priority priority, int costBytes)
    {
        CheckPriority(priority);
        ArgumentOutOfRangeException.ThrowIfNegative(costBytes);
        long now = _time.GetTimestamp();
        lock (_lock)
        {
            if (CountLocked >= Capacity)
            {
                _rejected++;
                return false;
            }

            _levels[(int)priority].Append(new(item, priority, costBytes, Attempts: 0, _nextSequence++, now));
            return true;
        }
    }

    /// <summary>Puts an item that has left back to its place in the order, from which it can leave again after a pause.</summary>
    /// <param name="item">What <see cref="TryDequeue(out QueuedItem{T})"/> gave. Its priority may be another one now.</param>
    /// <param name="delay">How long it can't leave. <see cref="TimeSpan.Zero"/> or less: it can leave at once.</param>
    public void Requeue(in QueuedItem<T> item, TimeSpan delay)
    {
        CheckPriority(item.Priority);
        long now = _time.GetTimestamp();
        lock (_lock)
        {
            _requeued++;
            if (delay <= TimeSpan.Zero)
            {
                _levels[(int)item.Priority].Return(item with { ReadyTimestamp = now });
            }
            else
            {
                long ready = now + (long)(delay.TotalSeconds * _time.TimestampFrequency);
                _delayed.Enqueue(item with { ReadyTimestamp = ready }, ready);
            }
        }
    }

    /// <summary>Takes the item whose turn it is.</summary>
    /// <returns>False where there is none, or none whose time has come.</returns>
    public bool TryDequeue(out QueuedItem<T> item)
    {
        long now = _time.GetTimestamp();
        lock (_lock)
        {
            if (NextLevel(now) is not { } level)
            {
                item = default;
                return false;
            }

            item = _levels[(int)level].Take();
            item = item with { Attempts = item.Attempts + 1 };
            _shares.Charge(level, item.CostBytes);
            long waited = Math.Max(0, now - item.ReadyTimestamp);
            _processed++;
            _processedBytes += item.CostBytes;
            _waitTicks += waited;
            _maxWaitTicks = Math.Max(_maxWaitTicks, waited);
            _rate.Add(item.CostBytes, now);
            return true;
        }
    }

    /// <summary>Looks at the item that <see cref="TryDequeue(out QueuedItem{T})"/> would take.</summary>
    public bool TryPeek(out QueuedItem<T> item)
    {
        long now = _time.GetTimestamp();
        lock (_lock)
        {
            Priority? level = NextLevel(now);
            item = level is null ? default : _levels[(int)level].Peek();
            return level is not null;
        }
    }

    /// <summary>How long until an item can leave: zero where one can now, null where the queue is empty.</summary>
    public TimeSpan? NextReadyIn()
    {
        long now = _time.GetTimestamp();
        lock (_lock)
        {
            if (CountLocked > _delayed.Count) return TimeSpan.Zero;
            if (!_delayed.TryPeek(out _, out long ready)) return null;
            return ready <= now ? TimeSpan.Zero : _time.GetElapsedTime(now, ready);
        }
    }

    /// <summary>Moves the matching items to another level, where they keep their sequence order.</summary>
    /// <param name="match">Called under the queue's lock: must not call the queue.</param>
    /// <param name="priority">The new level.</param>
    /// <returns>How many were moved or had that level already.</returns>
    public int Reprioritize(Predicate<T> match, Priority priority)
    {
        CheckPriority(priority);
        lock (_lock)
        {
            List<QueuedItem<T>> ready = [], delayed = [];
            TakeWhere(match, ready, delayed);
            foreach (QueuedItem<T> item in ready) _levels[(int)priority].Return(item with { Priority = priority });
            foreach (QueuedItem<T> item in delayed) _delayed.Enqueue(item with { Priority = priority }, item.ReadyTimestamp);
            return ready.Count + delayed.Count;
        }
    }

    /// <summary>Removes the matching items.</summary>
    /// <param name="match">Called under the queue's lock: must not call the queue.</param>
    /// <returns>How many there were.</returns>
    public int Remove(Predicate<T> match)
    {
        lock (_lock)
        {
            List<QueuedItem<T>> removed = [];
            TakeWhere(match, removed, removed);
            _removed += removed.Count;
            return removed.Count;
        }
    }

    /// <summary>Removes every item. The statistics go on.</summary>
    public void Clear() => Remove(static _ => true);

    public ChunkQueueStatistics GetStatistics()
    {
        long now = _time.GetTimestamp();
        lock (_lock)
        {
            (double itemsPerSecond, double bytesPerSecond) = _rate.RateAt(now);
            return new()
            {
                Enqueued = _nextSequence,
                Requeued = _requeued,
                Rejected = _rejected,
                Processed = _processed,
                ProcessedBytes = _processedBytes,
                Removed = _removed,
                Pending = CountLocked,
                Delayed = _delayed.Count,
                AverageWait = _processed == 0 ? TimeSpan.Zero : _time.GetElapsedTime(0, _waitTicks / _processed),
                MaxWait = _time.GetElapsedTime(0, _maxWaitTicks),
                ItemsPerSecond = itemsPerSecond,
                BytesPerSecond = bytesPerSecond,
                Utilisation = (double)CountLocked / Capacity,
            };
        }
    }

    private Priority? NextLevel(long now)
    {
        while (_delayed.TryPeek(out _, out long ready) && ready <= now)
        {
            QueuedItem<T> item = _delayed.Dequeue();
            _levels[(int)item.Priority].Return(item);
        }
        return _shares.Next([_levels[0].HeadBytes, _levels[1].HeadBytes, _levels[2].HeadBytes]);
    }

    private void TakeWhere(Predicate<T> match, List<QueuedItem<T>> ready, List<QueuedItem<T>> delayed)
    {
        foreach (QueueLevel<T> level in _levels) level.TakeWhere(match, ready);
        QueuedItem<T>[] all = [.. _delayed.UnorderedItems.Select(entry => entry.Element)];
        _delayed.Clear();
        foreach (QueuedItem<T> item in all)
        {
            if (match(item.Item)) delayed.Add(item);
            else _delayed.Enqueue(item, item.ReadyTimestamp);
        }
    }

    private static void CheckPriority(Priority priority)
    {
        if ((uint)priority >= BandwidthShares.Levels)
            throw new ArgumentOutOfRangeException(nameof(priority), priority, "A priority is high, normal or low.");
    }
}
