namespace ChunkStream.Core.Scheduling;

/// <summary>
/// Keeps bytes to a rate that may change at any time. Tokens for bytes fill a bucket at the rate, up to the burst; what is sent takes
/// them, and may take more than there are: nothing more passes until that debt is paid. So in any time t no more passes than
/// burst + rate · t, and one item. Tokens that somebody waits for are kept beyond the burst, up to half a second's worth, where the timer that
/// lets him go is late: so the rate is reached on a busy machine too.
/// <para>Not thread-safe, and without a clock: the caller gives timestamps.</para>
/// </summary>
public sealed class TokenBucket
{
    private const double KeptSeconds = 0.5;

    private readonly double _ticksPerSecond;
    private readonly double _burstSeconds;
    // Of the balance: what was waited for, which the burst doesn't bound.
    private double _keptBytes;
    private double _balanceBytes;
    private long _lastTimestamp;

    /// <param name="bytesPerSecond">The rate. 0: without limit.</param>
    /// <param name="burst">So much time's bytes may pass at once after a pause. Zero or more. The bucket starts full.</param>
    /// <param name="ticksPerSecond">The unit of the timestamps, as <see cref="TimeProvider.TimestampFrequency"/> gives it.</param>
    /// <param name="timestamp">Now.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its bounds.</exception>
    public TokenBucket(long bytesPerSecond, TimeSpan burst, long ticksPerSecond, long timestamp)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytesPerSecond);
        ArgumentOutOfRangeException.ThrowIfLessThan(burst, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(ticksPerSecond, 1);
        BytesPerSecond = bytesPerSecond;
        _burstSeconds = burst.TotalSeconds;
        _ticksPerSecond = ticksPerSecond;
        _lastTimestamp = timestamp;
        _balanceBytes = BurstBytes;
    }

    /// <summary>The rate. 0: without limit.</summary>
    public long BytesPerSecond { get; private set; }

    /// <summary>Whether somebody waits for tokens. To be set at the time that <see cref="OpensIn"/> was asked about.</summary>
    public bool IsAwaited { get; set; }

    /// <summary>Tokens that found the bucket full, so far, while nobody waited for any.</summary>
    public double UnusedBytes { get; private set; }

    private double BurstBytes => BytesPerSecond * _burstSeconds;

    private double MostKeptBytes => BytesPerSecond * Math.Max(_burstSeconds, KeptSeconds);

    /// <summary>Changes the rate from now on. What has filled the bucket so far stays in it, up to the new burst; so does a debt.</summary>
    /// <param name="bytesPerSecond">The rate. 0: without limit.</param>
    /// <param name="timestamp">Now.</param>
    public void SetRate(long bytesPerSecond, long timestamp)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytesPerSecond);
        Fill(timestamp);
        BytesPerSecond = bytesPerSecond;
        _keptBytes = Math.Min(_keptBytes, MostKeptBytes);
        _balanceBytes = Math.Min(_balanceBytes, _keptBytes + BurstBytes);
    }

    /// <summary>
    /// How long nothing may pass if the rate stays as it is: zero where an item may now. Ask again too when the rate was changed.
    /// </summary>
    /// <param name="timestamp">Now. A timestamp before an earlier one counts as that.</param>
    public TimeSpan OpensIn(long timestamp)
    {
        Fill(timestamp);
        if (BytesPerSecond == 0 || _balanceBytes >= 0) return TimeSpan.Zero;
        return TimeSpan.FromTicks((long)Math.Ceiling(Math.Min(-_balanceBytes / BytesPerSecond * TimeSpan.TicksPerSecond, TimeSpan.TicksPerDay)));
    }

    /// <summary>Takes the tokens of an item that passes, whatever there are.</summary>
    /// <param name="bytes">The item's bytes. 0 or more.</param>
    public void Take(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        if (BytesPerSecond > 0) (_balanceBytes, _keptBytes) = (_balanceBytes - bytes, Math.Max(0, _keptBytes - bytes));
    }

    private void Fill(long timestamp)
    {
        if (timestamp <= _lastTimestamp) return;
        double seconds = (timestamp - _lastTimestamp) / _ticksPerSecond;
        _lastTimestamp = timestamp;

        // Without a limit there is no debt to carry into a later one.
        if (BytesPerSecond == 0)
        {
            (_balanceBytes, _keptBytes) = (0, 0);
            return;
        }
        double filled = _balanceBytes + seconds * BytesPerSecond;
        _balanceBytes = Math.Min(IsAwaited ? MostKeptBytes : _keptBytes + BurstBytes, filled);
        if (IsAwaited) _keptBytes = Math.Max(0, _balanceBytes);
        else UnusedBytes += filled - _balanceBytes;
    }
}
