using System.Diagnostics.CodeAnalysis;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Scheduling;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Transport.Bandwidth;

/// <summary>
/// The bandwidth that a process's transfers share: a client's, or a gateway's. Before a lane puts a chunk on the wire, or takes one
/// from it, it enters here. Nothing waits while no limit is set and one level is busy; else lanes wait in a
/// <see cref="ChunkQueue{T}"/>, and leave by their levels' shares: at the rate of the limit, or, at a client, at the pace at which the
/// network was seen to deliver (<see cref="ContentionPace"/>), whichever is less. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A timer that isn't running holds nothing, and it runs only while somebody waits.")]
public sealed class SharedBandwidth
{
    /// <summary>The most writers that wait; one more is refused. Some 300 bytes each.</summary>
    public const int MaxWaiting = 65_536;

    // A level that hasn't asked for so long doesn't contend. Longer than a slow network takes for a level's chunk.
    private static readonly TimeSpan BusyFor = TimeSpan.FromSeconds(3);
    // What may pass at once after a pause.
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(50);
    // Timers are not finer than this: shorter ones would spin.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ChunkQueue<BandwidthWaiter> _waiting;
    private readonly TokenBucket _bucket;
    private readonly ContentionPace? _pace;
    private readonly ITimer _timer;
    private readonly long _busyTicks;
    private readonly long[] _askedAt = [long.MinValue, long.MinValue, long.MinValue];
    private readonly int[] _flows = new int[BandwidthShares.Levels];
    private long _maxBytesPerSecond;
    private long _contendedAt = long.MinValue;
    private long _passedBytes, _outstandingBytes;
    private volatile bool _anyWaits;

    /// <param name="maxBytesPerSecond">The limit, for both directions together. 0: none.</param>
    /// <param name="sharesUnlimited">
    /// Whether levels get their shares without a limit too. Only for who hears what the other side has: a reader can't tell how fast a
    /// network would deliver.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
    public SharedBandwidth(long maxBytesPerSecond, bool sharesUnlimited, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytesPerSecond);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _maxBytesPerSecond = maxBytesPerSecond;
        _waiting = new(MaxWaiting, time);
        _bucket = new(maxBytesPerSecond, Burst, time.TimestampFrequency, time.GetTimestamp());
        _pace = sharesUnlimited ? new(time.TimestampFrequency) : null;
        _busyTicks = (long)(BusyFor.TotalSeconds * time.TimestampFrequency);
        _timer = time.CreateTimer(static state => ((SharedBandwidth)state!).LetGo(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The limit, for both directions together. 0: none. A change acts at once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
    public long MaxBytesPerSecond
    {
        get => Volatile.Read(ref _maxBytesPerSecond);
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            lock (_lock)
            {
                Volatile.Write(ref _maxBytesPerSecond, value);
                LetGoLocked(_time.GetTimestamp());
            }
        }
    }

    /// <summary>Bytes that were let go so far.</summary>
    public long PassedBytes => Volatile.Read(ref _passedBytes);

    /// <summary>Of those that had to wait: how many, how long, and how full the queue is.</summary>
    public ChunkQueueStatistics Waiting => _waiting.GetStatistics();

    /// <summary>A transfer's part. To be disposed of when the transfer has no lanes any more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It isn't a level.</exception>
    public BandwidthFlow Open(Priority priority)
    {
        _ = BandwidthShares.PercentOf(priority);
        lock (_lock) _flows[(int)priority]++;
        return new(this, priority);
    }

    internal ValueTask EnterAsync(BandwidthFlow flow, int wireBytes, CancellationToken cancellationToken)
    {
        long now = _time.GetTimestamp();
        Priority level = flow.Priority;
        Volatile.Write(ref _askedAt[(int)level], now);
        // The usual case takes no lock.
        if (MaxBytesPerSecond == 0 && !_anyWaits && (_pace is null || BusyLevels(now) < 2))
        {
            Count(wireBytes);
            return ValueTask.CompletedTask;
        }
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);

        BandwidthWaiter waiter;
        lock (_lock)
        {
            FollowRate(now);
            if (!_anyWaits && _bucket.OpensIn(now) == TimeSpan.Zero)
            {
                Pass(wireBytes);
                return ValueTask.CompletedTask;
            }
            waiter = new(flow);
            // The level as it is under the lock: a change of it finds the waiter, or is seen here.
            if (!_waiting.TryEnqueue(waiter, flow.Priority, wireBytes))
                throw new LaneException(FailureCode.LimitReached, $"More than {MaxWaiting} lanes wait for bandwidth.");
            SetWaiting(true);
            waiter.CancelWith(cancellationToken);
            LetGoLocked(now);
        }
        return new(waiter.Task);
    }

    internal void Delivered(int wireBytes)
    {
        long outstandingBytes = Interlocked.Add(ref _outstandingBytes, -wireBytes);
        if (_pace is not { IsRunning: true }) return;
        lock (_lock)
        {
            long now = _time.GetTimestamp();
            // Fills the bucket up to now: who is held up by the network doesn't ask.
            _bucket.OpensIn(now);
            _pace.Delivered(wireBytes, outstandingBytes, _maxBytesPerSecond, _bucket.UnusedBytes, now);
        }
    }

    internal void Lost(int wireBytes) => Interlocked.Add(ref _outstandingBytes, -wireBytes);

    internal void Move(BandwidthFlow flow, Priority priority)
    {
        _ = BandwidthShares.PercentOf(priority);
        lock (_lock)
        {
            if (flow.Priority == priority) return;
            Leave(flow.Priority);
            _flows[(int)priority]++;
            flow.MovedTo(priority);
            _waiting.Reprioritize(waiter => waiter.Flow == flow, priority);
        }
    }

    internal void Close(BandwidthFlow flow)
    {
        lock (_lock) Leave(flow.Priority);
    }

    private void Leave(Priority level)
    {
        // The last of its level: it leaves nothing to contend with.
        if (--_flows[(int)level] == 0) Volatile.Write(ref _askedAt[(int)level], long.MinValue);
    }

    private int BusyLevels(long now)
    {
        int busy = 0;
        for (int level = 0; level < BandwidthShares.Levels; level++)
            if (Volatile.Read(ref _askedAt[level]) > now - _busyTicks) busy++;
        return busy;
    }

    private void FollowRate(long now)
    {
        if (_pace is not null && BusyLevels(now) >= 2)
        {
            // A pace that was found before a time without contention says nothing about now.
            if (!_pace.IsRunning || _contendedAt <= now - _busyTicks) _pace.Begin(_bucket.UnusedBytes, now);
            _contendedAt = now;
        }
        else
        {
            _pace?.End();
        }
        long rate = (_maxBytesPerSecond, _pace?.BytesPerSecond ?? 0) switch
        {
            (0, var pace) => pace,
            (var limit, 0) => limit,
            var (limit, pace) => Math.Min(limit, pace),
        };
        if (rate != _bucket.BytesPerSecond) _bucket.SetRate(rate, now);
    }

    private void LetGo()
    {
        lock (_lock) LetGoLocked(_time.GetTimestamp());
    }

    private void LetGoLocked(long now)
    {
        while (true)
        {
            FollowRate(now);
            TimeSpan opensIn = _bucket.OpensIn(now);
            if (opensIn > TimeSpan.Zero)
            {
                // With nobody in line there is nothing to wake up for.
                if (_anyWaits) _timer.Change(opensIn < ShortestPause ? ShortestPause : opensIn, Timeout.InfiniteTimeSpan);
                return;
            }
            if (!_waiting.TryDequeue(out QueuedItem<BandwidthWaiter> next))
            {
                SetWaiting(false);
                return;
            }
            if (next.Item.TryGrant()) Pass(next.CostBytes);
        }
    }

    private void SetWaiting(bool any) => _bucket.IsAwaited = _anyWaits = any;

    private void Pass(int wireBytes)
    {
        _bucket.Take(wireBytes);
        _pace?.Granted(wireBytes);
        Count(wireBytes);
    }

    private void Count(int wireBytes)
    {
        Interlocked.Add(ref _passedBytes, wireBytes);
        Interlocked.Add(ref _outstandingBytes, wireBytes);
    }
}
