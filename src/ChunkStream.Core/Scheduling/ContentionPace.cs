namespace ChunkStream.Core.Scheduling;

/// <summary>
/// How fast to let bytes go while levels contend for a network that has no limit set. Left alone, connections share a network evenly,
/// whatever their levels. Let go a little slower than the network delivers, bytes wait here, where <see cref="BandwidthShares"/> has its
/// say, and not in the network.
/// <para>
/// What was delivered is measured in windows. At first nothing is held back, until it grows no more. Then the pace starts well below it,
/// so that the network's queues drain, and grows by a few per cent a window, faster and faster, while what was let go in the last seconds is
/// delivered; where it isn't, the pace falls below what was. A single window says little: a disk or a network that stands still for a moment
/// is no slower than its mean. So the pace swings around what the network takes, mostly below: 3 % of a fast network and up to 20 % of
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
    // Windows of so long together decide.
    private const double RecentSeconds = 2;
    // Less than this of what might have gone found nobody waiting: what goes is held back here, and not in the network.
    private const double Held = 0.07;
    // Windows among which the shortest time on the way is sought: what is more than that is time in queues.
    private const int Memory = 20;
    private const double LongQueueSeconds = 0.4;
    private const double Drain = 0.6, Ease = 0.85;
    private const int FlatWindows = 3, SlowSteps = 8;
    // What was delivered some windows ago is remembered less and less, and a pace below so much of it isn't believed.
    private const double Remembered = 0.9, LeastOfLately = 0.25;

    private readonly double[] _secondsOnTheWay = new double[Memory];
    private readonly Queue<Window> _recent = new();
    private double _windowSeconds;
    private long _windowStart, _grantedBytes, _deliveredBytes;
    private int _deliveries, _windows, _flatWindows, _steps;
    private double _unusedBefore, _best, _lately, _pace;

    /// <summary>Whether levels contend, so that what goes and comes is measured.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>The pace. 0: without limit, as at first.</summary>
    public long BytesPerSecond => (long)_pace;

    /// <summary>Levels have begun to contend: what was measured before is forgotten.</summary>
    /// <param name="unusedBytes">As <see cref="Delivered"/> will be told.</param>
    /// <param name="timestamp">Now.</param>
    public void Begin(double unusedBytes, long timestamp)
    {
        IsRunning = true;
        _unusedBefore = unusedBytes;
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
    /// <param name="unusedBytes">
    /// What might have gone so far, at the pace or the limit, and found nobody waiting. What is let go less than at that rate tells nothing by
    /// itself: on a busy machine it is let go late.
    /// </param>
    /// <param name="timestamp">Now.</param>
    public void Delivered(long bytes, long outstandingBytes, long limitBytesPerSecond, double unusedBytes, long timestamp)
    {
        if (!IsRunning) return;
        _deliveredBytes += bytes;
        _deliveries++;
        double seconds = (double)(timestamp - _windowStart) / ticksPerSecond;
        if (seconds < _windowSeconds || (_deliveries < WindowItems && seconds < PatienceSeconds)) return;
        double delivered = _deliveredBytes / seconds;
        _lately = Math.Max(delivered, Remembered * _lately);
        var window = new Window(seconds, _grantedBytes, _deliveredBytes, unusedBytes - _unusedBefore);
        // The network takes what the limit allows, so that nothing waits in it.
        bool isLimited = _pace == 0 ? window.Unused < Held * limitBytesPerSecond * seconds : _pace > limitBytesPerSecond;
        if (limitBytesPerSecond > 0 && (isLimited || delivered >= 0.9 * limitBytesPerSecond)) LookAgain();
        else EndWindow(window, delivered, outstandingBytes);
        (_windowStart, _unusedBefore) = (timestamp, unusedBytes);
        (_grantedBytes, _deliveredBytes, _deliveries) = (0, 0, 0);
    }

    private void EndWindow(Window window, double delivered, long outstandingBytes)
    {
        _recent.Enqueue(window);
        while (_recent.Sum(one => one.Seconds) - _recent.Peek().Seconds >= RecentSeconds) _recent.Dequeue();
        double seconds = _recent.Sum(one => one.Seconds), recently = _recent.Sum(one => one.Delivered) / seconds;
        // Little's law: what is on the way is the rate times the time on the way.
        double onTheWay = outstandingBytes / recently;
        _secondsOnTheWay[_windows++ % Memory] = onTheWay;
        double shortest = _secondsOnTheWay.AsSpan(0, Math.Min(_windows, Memory)).ToArray().Min();
        _windowSeconds = Math.Clamp(1.5 * shortest, ShortestWindowSeconds, LongestWindowSeconds);

        if (_pace == 0)
        {
            _flatWindows = delivered < 1.25 * _best ? _flatWindows + 1 : 0;
            _best = Math.Max(_best, delivered);
            if (_flatWindows >= FlatWindows) HoldTo(recently * (onTheWay <= LongQueueSeconds ? Ease : Drain));
        }
        else if (!IsFull(window, recently) && _recent.Sum(one => one.Unused) < Held * _pace * seconds && recently >= 0.9 * Granted())
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
        else if (recently < 0.5 * _pace)
        {
            LookAgain();
        }
        else
        {
            HoldTo(recently * (onTheWay <= shortest + LongQueueSeconds ? Ease : Drain));
        }
    }

    // The network takes as much as ever and no more. Where it takes less it may stand still for a moment.
    private bool IsFull(Window window, double recently) =>
        window.Unused >= Held * _pace * window.Seconds && window.Delivered >= 0.95 * recently * window.Seconds;

    // What is let go is delivered a little later, up to a window.
    private double Granted()
    {
        Window last = _recent.Last();
        double bytes = _recent.Sum(one => one.Granted), seconds = _recent.Sum(one => one.Seconds);
        return _recent.Count == 1 ? bytes / seconds : Math.Min(bytes / seconds, (bytes - last.Granted) / (seconds - last.Seconds));
    }

    private void HoldTo(double bytesPerSecond)
    {
        (_pace, _steps) = (Math.Max(1, bytesPerSecond), 0);
        _recent.Clear();
    }

    private void LookAgain()
    {
        (_pace, _best, _flatWindows, _steps) = (0, 0, 0, 0);
        _recent.Clear();
    }

    private readonly record struct Window(double Seconds, double Granted, double Delivered, double Unused);
}
