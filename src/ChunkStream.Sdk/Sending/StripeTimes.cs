using ChunkStream.Protocol.Sending;

namespace ChunkStream.Sdk.Sending;

/// <summary>
/// How long stripes are on their way: from a stripe's first chunk that goes to a lane until the gateway has any k of it. Counted in steps of
/// 2 %, and closed stripes are forgotten, so memory doesn't grow with the file. Thread-safe.
/// </summary>
internal sealed class StripeTimes(SendLedger ledger, TimeProvider time)
{
    private const double ShortestSeconds = 0.0001, Step = 1.02;

    // Twice as many as are open at once, so that looking for closed ones costs nothing to speak of.
    private const int MostRemembered = 2048;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, long> _startedAt = [];
    // The last one takes all that is longer: ten hours and more.
    private readonly int[] _counts = new int[1000];
    private int _count;

    public void Sent(int stripe)
    {
        lock (_lock)
            if (_startedAt.TryAdd(stripe, time.GetTimestamp()) && _startedAt.Count >= MostRemembered) Forget();
    }

    /// <summary>The gateway has accepted a chunk of this stripe.</summary>
    public void Accepted(int stripe)
    {
        if (!ledger.HasEnough(stripe)) return;
        lock (_lock)
        {
            if (!_startedAt.TryGetValue(stripe, out long startedAt) || startedAt == long.MaxValue) return;
            // Kept while more of its chunks may be sent; those don't begin it anew.
            _startedAt[stripe] = long.MaxValue;
            double steps = Math.Log(time.GetElapsedTime(startedAt).TotalSeconds / ShortestSeconds) / Math.Log(Step);
            _counts[(int)Math.Clamp(steps, 0, _counts.Length - 1)]++;
            _count++;
        }
    }

    /// <summary>The time within which this share of the stripes was there; zero where none was.</summary>
    public TimeSpan Quantile(double share)
    {
        lock (_lock)
        {
            long wanted = (long)Math.Ceiling(share * _count), passed = 0;
            if (wanted == 0) return TimeSpan.Zero;
            for (int step = 0; ; step++)
            {
                passed += _counts[step];
                if (passed >= wanted) return TimeSpan.FromSeconds(ShortestSeconds * Math.Pow(Step, step + 0.5));
            }
        }
    }

    private void Forget()
    {
        foreach (int stripe in _startedAt.Keys.Where(stripe => !ledger.IsOpen(stripe)).ToArray()) _startedAt.Remove(stripe);
    }
}
