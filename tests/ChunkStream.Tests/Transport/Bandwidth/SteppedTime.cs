namespace ChunkStream.Tests.Transport.Bandwidth;

/// <summary>A clock that stands still until it is moved, with timers that fire as it passes them.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private long _ticks = TimeSpan.TicksPerDay;

    /// <summary>How much later than asked for timers fire, as on a busy machine.</summary>
    public TimeSpan Late { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_ticks);

    /// <summary>Moves on, and fires what is due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        _ticks += by.Ticks;
        foreach (Timer timer in _timers.ToArray()) timer.FireIfDue();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        _timers.Add(timer);
        return timer;
    }

    private sealed class Timer(SteppedTime owner, Action fire) : ITimer
    {
        private long _due = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = dueTime < TimeSpan.Zero ? long.MaxValue : owner._ticks + dueTime.Ticks;
            return true;
        }

        public void FireIfDue()
        {
            if (owner._ticks - owner.Late.Ticks < _due) return;
            _due = long.MaxValue;
            fire();
        }

        public void Dispose() => owner._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
