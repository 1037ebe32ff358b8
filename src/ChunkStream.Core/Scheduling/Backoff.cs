namespace ChunkStream.Core.Scheduling;

/// <summary>
/// How long to pause after a failure, and when to give up: the first pause is the base, each one after it twice as long, up to a limit.
/// A pause is spread by half of itself to both sides, so that what failed together doesn't come back together.
/// </summary>
public sealed record Backoff
{
    /// <param name="baseDelay">The mean of the first pause. Above zero.</param>
    /// <param name="maxAttempts">The attempts that are made in all, the first included. 1 or more.</param>
    /// <param name="maxDelay">The longest mean of a pause. The base or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its bounds.</exception>
    public Backoff(TimeSpan baseDelay, int maxAttempts, TimeSpan maxDelay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(baseDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxAttempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDelay, baseDelay);
        BaseDelay = baseDelay;
        MaxAttempts = maxAttempts;
        MaxDelay = maxDelay;
    }

    /// <summary>For a chunk: 100 ms, 200 ms, 400 ms and 800 ms between five attempts.</summary>
    public static Backoff ForChunk { get; } = new(TimeSpan.FromMilliseconds(100), 5, TimeSpan.FromSeconds(10));

    /// <summary>For a send on a lane: 100 ms and 200 ms between three attempts.</summary>
    public static Backoff ForLane { get; } = new(TimeSpan.FromMilliseconds(100), 3, TimeSpan.FromSeconds(10));

    public TimeSpan BaseDelay { get; }

    public int MaxAttempts { get; }

    public TimeSpan MaxDelay { get; }

    /// <summary>The pause before the next attempt.</summary>
    /// <param name="failedAttempts">How many attempts have failed. 1 or more.</param>
    /// <param name="random">A random number, 0 to 1: 0.5 is the mean pause.</param>
    /// <returns>The pause, or null where no attempt is left.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its bounds.</exception>
    public TimeSpan? DelayAfter(int failedAttempts, double random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failedAttempts, 1);
        if (!(random is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(random), random, "A random number is 0 to 1.");
        if (failedAttempts >= MaxAttempts) return null;
        double mean = Math.Min(MaxDelay.TotalMilliseconds, BaseDelay.TotalMilliseconds * Math.Pow(2, failedAttempts - 1));
        return TimeSpan.FromMilliseconds(mean * (0.5 + random));
    }
}
