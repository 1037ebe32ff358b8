using ChunkStream.Core.Scheduling;

namespace ChunkStream.Transport.Congestion;

/// <summary>
/// Keeps what the lanes of one connection write just below what its path carries, a piece at a time. libmsquic's BBR sends a window's
/// quarter at once; without this, a fifth of what it sends is dropped where the path is narrowest, and sent again. Thread-safe.
/// </summary>
public sealed class LanePacer(TimeProvider time) : IDisposable
{
    // Smaller frames aren't held up: what they say is worth more than their bytes.
    private const int FreeBytes = 4096;
    private const int MinPieceBytes = 16 * 1024;
    private const int MaxPieceBytes = 128 * 1024;

    // The system's timers are good for a millisecond or two: as much may pass at once after one.
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(3);

    private readonly Lock _lock = new();
    private readonly TokenBucket _bucket = new(0, Burst, time.TimestampFrequency, time.GetTimestamp());
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _bytesPerSecond;

    /// <summary>The pace of all lanes of the connection together. 0, the default: unlimited.</summary>
    public long BytesPerSecond
    {
        get => Volatile.Read(ref _bytesPerSecond);
        set
        {
            Volatile.Write(ref _bytesPerSecond, value);
            lock (_lock) _bucket.SetRate(value, time.GetTimestamp());
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>How many of these bytes may be written now, once it is their turn: all, or a piece.</summary>
    internal async ValueTask<int> TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        long rate = BytesPerSecond;
        if (rate == 0 || bytes <= FreeBytes) return bytes;
        // Half a millisecond's worth.
        int piece = Math.Min(bytes, (int)Math.Clamp(rate / 2000, MinPieceBytes, MaxPieceBytes));
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (TryTake(piece) is { Ticks: > 0 } opensIn)
            {
                // Never long, so that a new pace is soon felt.
                TimeSpan wait = TimeSpan.FromMilliseconds(Math.Clamp(Math.Floor(opensIn.TotalMilliseconds), 1, 20));
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
        return piece;
    }

    private TimeSpan TryTake(int piece)
    {
        lock (_lock)
        {
            TimeSpan opensIn = _bucket.OpensIn(time.GetTimestamp());
            if (opensIn == TimeSpan.Zero) _bucket.Take(piece);
            return opensIn;
        }
    }
}
