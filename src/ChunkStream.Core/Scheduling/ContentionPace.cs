namespace ChunkStream.Core.Scheduling;

/// <summary>
/// How fast to let bytes go while levels contend for a network that has no limit set. Left alone, connections share a network evenly,
/// whatever their levels. Let go a little slower than the network delivers, bytes wait here, where <see cref="BandwidthShares"/> has its
/// say, and not in the network.
/// <para>
/// What was delivered is measured in windows. At first nothing is held back, until it grows no more. Then the pace starts well below it,
/// so that the network's queues drain, and grows by a few per cent a window, faster and faster, while what is let go is delivered; where it
/// isn't, the pace falls below what was. So it swings around what the network takes, mostly below: 3 % of a fast network and up to 20 % of
/// a slow one, where few chunks say little about a rate, are the price of shares. Where deliveries break in, as on a lost path, and where the
/// pace is far below what was delivered lately, it begins anew; where a limit is what holds back, there is none. Not thread-safe.
/// </para>
/// </summary>
/// <param name="ticksPerSecond">The unit of the timestamps, as <see cref="TimeProvider.TimestampFrequency"/> gives it.</param>
public sealed class ContentionPace(long ticksPerSecond)
{
    // A window has so many deliveries at least, or is this long, and is longer than a delivery takes.
    private const int WindowItems = 16;
    private const double ShortestWindowSeconds = 0.2, LongestWindowSeconds = 1, PatienceSeconds = 2;
    // Windows among which the shortest time on the way is sought: what is more than that is time in queues.
    private const int Memory = 20;
    private const double LongQueueSeconds = 0.4;
    private const double Drain = 0.6, Ease = 0.85;
    private const int FlatWindows = 3, SlowSteps = 8;
    // What was delivered some windows ago is remembered less and less, and a pace below so much of it isn't believed.
    private const double Remembered = 0.9, LeastOfLately = 0.25;

    private readonly double[] _secondsOnTheWay = new double[Memory];
    private double _windowSeconds;
    private long _windowStart, _grantedBytes, _deliveredBytes;
    private int _deliveries, _windows, _flatWindows, _steps;
    private double _grantedBefore, _best, _lately, _pace;

    /// <summary>Whether levels contend, so that what goes and comes is measured.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>The pace. 0: without limit, as at first.</summary>
    public long BytesPerSecond => (long)_pace;

    /// <summary>Levels have begun to contend: what was measured before is forgotten.</summary>
    public void Begin(long timestamp)
    {
        IsRunning = true;
        (_windowStart, _windowSeconds, _windows) = (timestamp, ShortestWindowSeconds, 0);
        (_grantedBytes, _deliveredBytes, _deliveries, _lately) = (0, 0, 0, 0);
        LookAgain();
    }

    /// <summary>Levels contend no more.</summary>
    public void End() => (IsRunning, _pace) = (false, 0);

    /// <summary>An item was let go.</summary>
    public void Granted(long bytes) => _grantedBytes += bytes;

    /// <summary>The other side has an item.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="outstandingBytes">What was let go and isn't delivered yet.</param>
    /// <param name="limitBytesPerSecond">The limit that is set. 0: none.</param>
    /// <param name="timestamp">Now.</param>
    public void Delivered(long bytes, long outstandingBytes, long limitBytesPerSecond, long timestamp)
    {
        if (!IsRunning) return;
        _deliveredBytes += bytes;
        _deliveries++;
        double seconds = (double)(timestamp - _windowStart) / ticksPerSecond;
        if (seconds < _windowSeconds || (_deliveries < WindowItems && seconds < PatienceSeconds)) return;
        double granted = _grantedBytes / seconds;
        double delivered = _deliveredBytes / seconds;
        _lately = Math.Max(delivered, Remembered * _lately);
        // The network takes what the limit allows, so that nothing waits in it.
        if (limitBytesPerSecond > 0 && delivered >= 0.9 * limitBytesPerSecond) LookAgain();
        else EndWindow(granted, delivered, outstandingBytes);
        (_windowStart, _grantedBefore) = (timestamp, granted);
        (_grantedBytes, _deliveredBytes, _deliveries) = (0, 0, 0);
    }

    private void EndWindow(double granted, double delivered, long outstandingBytes)
    {
        // Little's law: what is on the way is the rate times the time on the way.
        double onTheWay = outstandingBytes / delivered;
        _secondsOnTheWay[_windows++ % Memory] = onTheWay;
        double shortest = _secondsOnTheWay.AsSpan(0, Math.Min(_windows, Memory)).ToArray().Min();
        _windowSeconds = Math.Clamp(1.5 * shortest, ShortestWindowSeconds, LongestWindowSeconds);

        if (_pace == 0)
        {
            _flatWindows = delivered < 1.25 * _best ? _flatWindows + 1 : 0;
            _best = Math.Max(_best, delivered);
            if (_flatWindows >= FlatWindows) _pace = Math.Max(1, delivered * (onTheWay <= LongQueueSeconds ? Ease : Drain));
        }
        else if (granted >= 0.93 * _pace && delivered >= 0.9 * Math.Min(granted, _grantedBefore))
        {
            // All that is let go is delivered, and that is far less than lately: a network that stood still for a while may be free again.
            if (_pace < LeastOfLately * _lately)
            {
                LookAgain();
                return;
            }
            _steps++;
            double growth = _steps == 1 ? 0.02 : _steps < SlowSteps ? 0.04 : Math.Min(1, 0.04 * Math.Pow(2, _steps - SlowSteps + 1));
            _pace = Math.Min(_pace * (1 + growth), long.MaxValue / 4);
        }
        else if (delivered < 0.5 * _pace)
        {
            LookAgain();
        }
        else
        {
            _pace = Math.Max(1, delivered * (onTheWay <= shortest + LongQueueSeconds ? Ease : Drain));
            _steps = 0;
        }
    }

    private void LookAgain() => (_pace, _best, _flatWindows, _steps) = (0, 0, 0, 0);
}
