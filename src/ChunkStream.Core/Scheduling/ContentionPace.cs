namespace ChunkStream.Core.Scheduling;

/// <summary>
/// How fast to let bytes go while levels contend for a network that has no limit set. Left alone, connections share a network evenly,
/// whatever their levels. Let go barely faster than the network was seen to take them, bytes wait here, where <see cref="BandwidthShares"/>
/// has its say, and not in the network. What the network takes is measured over windows of some 200 ms: the best of the last five is the
/// capacity. At first the pace is twice that, until it stops growing; then 5 % above it, and every eighth window 25 %, which finds what
/// has become free. After BBR (Cardwell and others: BBR: Congestion-Based Congestion Control, ACM Queue 2016). Not thread-safe.
/// </summary>
/// <param name="ticksPerSecond">The unit of the timestamps, as <see cref="TimeProvider.TimestampFrequency"/> gives it.</param>
public sealed class ContentionPace(long ticksPerSecond)
{
    private const double WindowSeconds = 0.2;
    // Fewer items than this say little about a rate; but after two seconds they have to do.
    private const int WindowItems = 16;
    private const double LongestWindowSeconds = 2;
    private const int ProbeEvery = 8;

    private readonly double[] _windows = new double[5];
    private long _windowStart;
    private long _windowBytes;
    private int _windowItems;
    private int _windowCount;
    private int _flatWindows;
    private double _best;
    private bool _isFull;

    /// <summary>Whether levels contend, so that <see cref="Add"/> measures.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>The pace. 0: without limit, as before the first window has passed.</summary>
    public long BytesPerSecond { get; private set; }

    /// <summary>Levels have begun to contend: what was measured before is forgotten.</summary>
    public void Begin(long timestamp)
    {
        Array.Clear(_windows);
        (_windowStart, _windowBytes, _windowItems, _windowCount, _flatWindows, _best, _isFull) = (timestamp, 0, 0, 0, 0, 0, false);
        (IsRunning, BytesPerSecond) = (true, 0);
    }

    /// <summary>Levels contend no more.</summary>
    public void End() => (IsRunning, BytesPerSecond) = (false, 0);

    /// <summary>An item was let go. A sender comes back only when its last item was taken, so that over a window this is what was taken.</summary>
    public void Add(long bytes, long timestamp)
    {
        if (!IsRunning) return;
        _windowBytes += bytes;
        _windowItems++;
        double seconds = (double)(timestamp - _windowStart) / ticksPerSecond;
        if (seconds < WindowSeconds || (_windowItems < WindowItems && seconds < LongestWindowSeconds)) return;
        EndWindow(_windowBytes / seconds);
        (_windowStart, _windowBytes, _windowItems) = (timestamp, 0, 0);
    }

    private void EndWindow(double bytesPerSecond)
    {
        _windows[_windowCount++ % _windows.Length] = bytesPerSecond;
        double best = _windows.Max();
        _flatWindows = best < _best * 1.25 ? _flatWindows + 1 : 0;
        _best = best;
        if (_flatWindows >= 2) _isFull = true;
        double gain = !_isFull ? 2 : _windowCount % ProbeEvery == 0 ? 1.25 : 1.05;
        BytesPerSecond = Math.Max(1, (long)Math.Min(best * gain, long.MaxValue / 4));
    }
}
