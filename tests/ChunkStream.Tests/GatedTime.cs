using System.Diagnostics;

namespace ChunkStream.Tests;

/// <summary>
/// The machine's clock, but timers of some lengths wait until the test lets them fire: what a timeout does is then seen without
/// waiting for it, and never by accident.
/// </summary>
internal sealed class GatedTime(params TimeSpan[] gated) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<Timer> _armed = [];

    /// <summary>Timers of this length that run now.</summary>
    public int Armed(TimeSpan length)
    {
        lock (_lock) return _armed.Count(timer => timer.Due == length);
    }

    /// <summary>How often timers of this length were started or started again.</summary>
    public int Started(TimeSpan length)
    {
        lock (_lock) return _started.GetValueOrDefault(length);
    }

    /// <summary>Lets every timer of this length that runs now fire; says how many those were.</summary>
    public int Fire(TimeSpan length)
    {
        Timer[] due;
        lock (_lock)
        {
            due = [.. _armed.Where(timer => timer.Due == length)];
            _armed.ExceptWith(due);
        }
        foreach (Timer timer in due) timer.Fire();
        return due.Length;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Debug.Assert(period == Timeout.InfiniteTimeSpan || !gated.Contains(dueTime));
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private readonly Dictionary<TimeSpan, int> _started = [];

    private sealed class Timer : ITimer
    {
        private readonly GatedTime _owner;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _real;
        private bool _isDisposed;

        public Timer(GatedTime owner, TimerCallback callback, object? state)
        {
            (_owner, _callback, _state) = (owner, callback, state);
            _real = System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public TimeSpan Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_owner._lock)
            {
                // A lane that restarts its clock just when that has run out comes late, and must arm nothing.
                if (_isDisposed) return false;
                _owner._armed.Remove(this);
                Due = dueTime;
                if (_owner.IsGated(dueTime))
                {
                    _owner._armed.Add(this);
                    _owner._started[dueTime] = _owner._started.GetValueOrDefault(dueTime) + 1;
                    return _real.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                }
            }
            return _real.Change(dueTime, period);
        }

        public void Fire() => _callback(_state);

        public void Dispose()
        {
            lock (_owner._lock)
            {
                _isDisposed = true;
                _owner._armed.Remove(this);
            }
            _real.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private bool IsGated(TimeSpan length) => gated.Contains(length);
}
