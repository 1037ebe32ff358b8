using ChunkStream.Core.Scheduling;

namespace ChunkStream.Transport.Congestion;

/// <summary>
/// Keeps what the lanes of one connection write just below what its path carries, a piece at a time. libmsquic's BBR sends a window's
/// quarter at once; without this, a fifth of what it sends is dropped where the path is narrowest, and sent again. Thread-safe.
/// <para>
/// The frame that began first goes first, so that chunks arrive one after the other and not all of them late: what arrives is then known
/// sooner, and less of it is lost with a path. A lane's first frame goes before those of lanes that have sent one: a new connection that only
/// trickles while its frames wait is taken for a slow path by BBR, which then has to begin from nothing.
/// </para>
/// </summary>
public sealed class LanePacer(TimeProvider time)
{
    /// <summary>Smaller frames aren't held up: what they say is worth more than their bytes.</summary>
    internal const int FreeBytes = 4096;

    // Five milliseconds' worth. libmsquic buffers about as much as was in flight before, of which what waits behind a lost packet is part, and
    // a lane's one piece beyond that: with smaller pieces a new connection of a lossy path may never have enough in flight to be given more.
    private const int PiecesPerSecond = 200;
    private const int MinPieceBytes = 16 * 1024;
    private const int MaxPieceBytes = 256 * 1024;

    // What a late timer has missed passes at once after it, or the pace would never be reached. On a busy machine they are late by this.
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly TokenBucket _bucket = new(0, Burst, time.TimestampFrequency, time.GetTimestamp());
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private bool _isTaken;
    private long _frames, _firstFrames = long.MinValue;
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

    /// <summary>The place in line of a frame that begins now.</summary>
    /// <param name="isFirst">It is the first frame of its lane that may be held up.</param>
    internal long Begin(bool isFirst = false) => isFirst ? Interlocked.Increment(ref _firstFrames) : Interlocked.Increment(ref _frames);

    /// <summary>How many of these bytes of a frame may be written now, once it is their turn: all, or a piece.</summary>
    internal async ValueTask<int> TakeAsync(long frame, int bytes, CancellationToken cancellationToken)
    {
        long rate = BytesPerSecond;
        if (rate == 0 || bytes <= FreeBytes) return bytes;
        int piece = Math.Min(bytes, (int)Math.Clamp(rate / PiecesPerSecond, MinPieceBytes, MaxPieceBytes));
        await EnterAsync(frame, cancellationToken).ConfigureAwait(false);
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
            Leave();
        }
        return piece;
    }

    private async ValueTask EnterAsync(long frame, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (!_isTaken)
            {
                _isTaken = true;
                return;
            }
            _waiting.Enqueue(turn, frame);
        }
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (turn, token) => ((TaskCompletionSource)turn!).TrySetCanceled(token), turn);
        await turn.Task.ConfigureAwait(false);
    }

    private void Leave()
    {
        lock (_lock)
        {
            // One that was cancelled has no turn any more.
            while (_waiting.TryDequeue(out TaskCompletionSource? next, out _))
                if (next.TrySetResult()) return;
            _isTaken = false;
        }
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
