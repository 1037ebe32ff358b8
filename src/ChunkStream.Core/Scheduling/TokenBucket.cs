namespace ChunkStream.Core.Scheduling;

/// <summary>
/// Keeps bytes to a rate that may change at any time. Tokens for bytes fill a bucket at the rate, up to the burst; what is sent takes
/// them. More than a burst at once is let through when the bucket is full, and leaves it in debt: so in any time t no more passes than
/// burst + rate · t, and one item.
/// <para>Thread-safe, without a clock: the caller gives timestamps.</para>
/// </summary>
public sealed class TokenBucket
{
    private readonly Lock _lock = new();
    private readonly double _ticksPerSecond;
    private long _bytesPerSecond;
    private double _balanceBytes;
    private long _lastTimestamp;

    /// <param name="bytesPerSecond">The rate. 0: without limit.</param>
    /// <param name="burstBytes">What may pass at once after a pause. 1 or more. The bucket starts full.</param>
    /// <param name="ticksPerSecond">The unit of the timestamps, as <see cref="TimeProvider.TimestampFrequency"/> gives it.</param>
    /// <param name="timestamp">Now.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its bounds.</exception>
    public TokenBucket(long bytesPerSecond, long burstBytes, long ticksPerSecond, long timestamp)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytesPerSecond);
        ArgumentOutOfRangeException.ThrowIfLessThan(burstBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ticksPerSecond, 1);
        _bytesPerSecond = bytesPerSecond;
        BurstBytes = burstBytes;
        _ticksPerSecond = ticksPerSecond;
        _lastTimestamp = timestamp;
        _balanceBytes = burstBytes;
    }

    public long BurstBytes { get; }

    /// <summary>The rate. 0: without limit.</summary>
    public long BytesPerSecond
    {
        get
        {
            lock (_lock) return _bytesPerSecond;
        }
    }

    /// <summary>Changes the rate from now on. What has filled the bucket so far stays in it.</summary>
    /// <param name="bytesPerSecond">The rate. 0: without limit.</param>
    /// <param name="timestamp">Now.</param>
    public void SetRate(long bytesPerSecond, long timestamp)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytesPerSecond);
        lock (_lock)
        {
            Fill(timestamp);
            _bytesPerSecond = bytesPerSecond;
        }
    }

    /// <summary>Takes the tokens of an item where there are enough.</summary>
    /// <param name="bytes">The item's bytes. 0 or more.</param>
    /// <param name="timestamp">Now. A timestamp before an earlier one counts as that.</param>
    /// <param name="retryIn">
    /// Zero where they were taken; else when to ask again if the rate stays as it is and nobody else takes any. Ask again too when the
    /// rate was changed.
    /// </param>
    /// <returns>Whether they were taken, so that the item may be sent.</returns>
    public bool TryTake(long bytes, long timestamp, out TimeSpan retryIn)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (_lock)
        {
            Fill(timestamp);
            retryIn = TimeSpan.Zero;
            if (_bytesPerSecond == 0) return true;

            double lacking = Math.Min(bytes, BurstBytes) - _balanceBytes;
            if (lacking > 0)
            {
                retryIn = TimeSpan.FromTicks((long)Math.Ceiling(Math.Min(lacking / _bytesPerSecond * TimeSpan.TicksPerSecond, TimeSpan.TicksPerDay)));
                return false;
            }

            _balanceBytes -= bytes;
            return true;
        }
    }

    private void Fill(long timestamp)
    {
        if (timestamp <= _lastTimestamp) return;
        double seconds = (timestamp - _lastTimestamp) / _ticksPerSecond;
        _lastTimestamp = timestamp;

        // Without a limit there is no debt to carry into a later one.
        _balanceBytes = _bytesPerSecond == 0 ? BurstBytes : Math.Min(BurstBytes, _balanceBytes + seconds * _bytesPerSecond);
    }
}
