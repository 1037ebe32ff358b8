namespace ChunkStream.Core.Scheduling;

/// <summary>
/// Keeps bytes to a rate that may change at any time. Tokens for bytes fill a bucket at the rate, up to the burst; what is sent takes
/// them, and may take more than there are: nothing more passes until that debt is paid. So in any time t no more passes than
/// burst + rate · t, and one item.
/// <para>Not thread-safe, and without a clock: the caller gives timestamps.</para>
/// </summary>
public sealed class TokenBucket
{
    private readonly double _ticksPerSecond;
    private readonly double _burstSeconds;
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

    private double BurstBytes => BytesPerSecond * _burstSeconds;

    /// <summary>Changes the rate from now on. What has filled the bucket so far stays in it, up to the new burst; so does a debt.</summary>
    /// <param name="bytesPerSecond">The rate. 0: without limit.</param>
    /// <param name="timestamp">Now.</param>
    public void SetRate(long bytesPerSecond, long timestamp)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytesPerSecond);
        Fill(timestamp);
        BytesPerSecond = bytesPerSecond;
        _balanceBytes = Math.Min(_balanceBytes, BurstBytes);
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
        if (BytesPerSecond > 0) _balanceBytes -= bytes;
    }

    private void Fill(long timestamp)
    {
        if (timestamp <= _lastTimestamp) return;
        double seconds = (timestamp - _lastTimestamp) / _ticksPerSecond;
        _lastTimestamp = timestamp;

        // Without a limit there is no debt to carry into a later one.
        _balanceBytes = BytesPerSecond == 0 ? 0 : Math.Min(BurstBytes, _balanceBytes + seconds * BytesPerSecond);
    }
}
