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

    // The system's timers are good for a millisecond: this much may pass at once after one, so up to 256 MB/s can be paced.
    private const int BurstBytes = 256 * 1024;

    private readonly TokenBucket _bucket = new(0, BurstBytes, time.TimestampFrequency, time.GetTimestamp());
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>The pace of all lanes of the connection together. 0, the default: unlimited.</summary>
    public long BytesPerSecond
    {
        get => _bucket.BytesPerSecond;
        set => _bucket.SetRate(value, time.GetTimestamp());
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>How many of these bytes may be written now, once it is their turn: all, or a piece.</summary>
    internal async ValueTask<int> TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        long rate = _bucket.BytesPerSecond;
        if (rate == 0 || bytes <= FreeBytes) return bytes;
        // Half a millisecond's worth.
        int piece = Math.Min(bytes, (int)Math.Clamp(rate / 2000, MinPieceBytes, MaxPieceBytes));
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (!_bucket.TryTake(piece, time.GetTimestamp(), out TimeSpan retryIn))
            {
                // Never long, so that a new pace is soon felt.
                TimeSpan wait = TimeSpan.FromMilliseconds(Math.Clamp(Math.Floor(retryIn.TotalMilliseconds), 1, 20));
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
        return piece;
    }
}
