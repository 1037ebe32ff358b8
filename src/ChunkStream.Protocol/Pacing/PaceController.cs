namespace ChunkStream.Protocol.Pacing;

/// <summary>
/// Decides how fast a path's sender should write, from what arrives at its other end and from the round trips of small echoes that wait
/// in the same queue. Does no I/O and has no clock. Not thread-safe.
/// <para>
/// The pace doubles each round trip until the queue at the narrowest link shows for the first time. From then on there is a rate that the
/// link is believed to carry, and a pace around it that keeps the queue near a small target. The queue corrects both, the pace at once and
/// the rate slowly, in proportion to the delay after which a correction is seen (Åström and Murray, Feedback Systems, chapter 11). Without
/// a queue the rate grows, faster the longer; a long queue is drained at once, and while it stands, what arrives is the rate. So the link
/// stays busy, its queue stays short, and what is lost is what the link itself loses. A loss as such changes nothing.
/// </para>
/// <para>
/// A path that is known begins near its rate, and that is believed for some intervals: what arrives may say that it is less, or much less;
/// where there is no queue in all of them the path carries more, and the pace doubles as on one that isn't known.
/// </para>
/// <para>
/// A base that was seen through a queue hides that queue. So where much less arrives than is let through, the path is drained once to see;
/// and so it is before a longer base is believed, or a queue that stands would become the base.
/// </para>
/// <para>
/// A queue that two drains don't shorten isn't ours: another sender keeps it full. The target then doubles, up to a round trip, so that we
/// aren't starved by those who fill queues; it halves again when the queue is short.
/// Delay as the signal and a target for it: LEDBAT (RFC 6817), Copa (Arun and Balakrishnan, NSDI 2018), whose switch between modes is
/// the model of the last rule. Delivered bytes as the rate, and the drain: BBR (Cardwell et al., ACM Queue 2016).
/// </para>
/// </summary>
/// <param name="knownBytesPerSecond">What the path carried lately: the pace begins just below it. 0: nothing is known.</param>
/// <param name="knownRoundTrip">
/// How long its round trip was without a queue: who sends at that pace from the start may not see it. Zero: nothing is known.
/// </param>
public sealed class PaceController(long knownBytesPerSecond = 0, TimeSpan knownRoundTrip = default)
{
    /// <summary>On shorter paths the pace is left to the congestion control: timers are too coarse for it.</summary>
    public static readonly TimeSpan ShortestPacedRoundTrip = TimeSpan.FromMilliseconds(4);

    /// <summary>The pace before the first echo: 64 Mbit/s. Where that is too much, congestion control sees it sooner than we do.</summary>
    public const long InitialBytesPerSecond = 8_000_000;

    private const long SlowestBytesPerSecond = 64 * 1024;
    // What the pace does for the moment, times the time after which its effect is seen; an integrator with a delay is calm below 0.5.
    private const double Proportion = 0.35;
    // So many intervals after it was decided a rate is seen in the queue: one to cross, two to be measured.
    private const int SeenAfterIntervals = 3;
    // A drain by a fifth, and as long until the next.
    private const int DrainIntervals = 6;
    private const double DrainShare = 0.2;
    private const double MostBeyondArriving = 2.5;
    // What is known may be a little more than what there is; and a rate that is sought stays near to what arrives.
    private const double ShareOfKnown = 0.95, MostBeyondArrivingUnsure = 1.3, MostBeyondPeak = 1.25;
    // So long what is known is believed, where nothing speaks against it.
    private const int TrustIntervals = 10;
    // An interval's growth: one more step for each without a queue; where the link has carried more; before it was full once.
    private const double GrowthStep = 0.001, FastestGrowth = 0.04, TrustingGrowth = 0.03, UnsureGrowth = 0.15;
    // Less than this of what is let through arrives: a queue swallows it that isn't seen or is too short, or congestion control lets less through.
    private const double MatchingShare = 0.8;
    private static readonly TimeSpan PatienceEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BaseLasts = TimeSpan.FromSeconds(30), KnownBaseLasts = TimeSpan.FromSeconds(5);

    private readonly Queue<(TimeSpan At, long Bytes)> _delivered = new();
    private readonly Queue<double> _rates = new();
    private TimeSpan _base = knownRoundTrip > TimeSpan.Zero ? knownRoundTrip : TimeSpan.MaxValue, _nextBase = TimeSpan.MaxValue, _baseSince;
    private TimeSpan _shortest = TimeSpan.MaxValue, _lastQueue;
    private TimeSpan _intervalStart, _shortSince;
    private TimeSpan? _doubtedAt;
    private TimeSpan _doubted;
    private double _patience = 1, _mostArrived;
    private double _rate = Begin(knownBytesPerSecond), _peak = knownBytesPerSecond;
    private TimeSpan _peakAt;
    private int _intervals, _emptyIntervals, _busyIntervals, _fullIntervals, _unmatchedIntervals, _doubtingIntervals;
    private bool _hasEcho, _isWatchedLong, _isStarting = knownBytesPerSecond == 0, _isTrusting = knownBytesPerSecond > 0, _isGrowing, _isUnsure, _isDrained, _hadQueue;

    /// <summary>The pace, in bytes of frames a second. 0: unlimited.</summary>
    public long BytesPerSecond { get; private set; } = (long)Begin(knownBytesPerSecond);

    /// <summary>The round trip without a queue; null before the first echo.</summary>
    public TimeSpan? BaseRoundTrip => _hasEcho ? _base : null;

    /// <summary>Whether the rate is still sought: the path has not been seen full at it, and may carry more.</summary>
    public bool IsSeeking => BytesPerSecond > 0 && (_isStarting || _isTrusting || _isUnsure);

    /// <summary>How long the queue was in the last interval.</summary>
    public TimeSpan Queue { get; private set; }

    /// <summary>Bytes arrived at the other end.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="now">A time that doesn't go back, from any start.</param>
    public void Delivered(long bytes, TimeSpan now)
    {
        _delivered.Enqueue((now, bytes));
        while (now - _delivered.Peek().At > LongWindow)
        {
            _delivered.Dequeue();
            _isWatchedLong = true;
        }
    }

    /// <summary>An echo came back after this time.</summary>
    public void RoundTrip(TimeSpan roundTrip, TimeSpan now)
    {
        if (!_hasEcho)
        {
            (_hasEcho, _intervalStart, _shortSince, _peakAt) = (true, now, now, now);
            _baseSince = _base == TimeSpan.MaxValue ? now : now - (BaseLasts - KnownBaseLasts);
        }
        if (roundTrip < _base) _base = roundTrip;
        if (roundTrip < _nextBase) _nextBase = roundTrip;
        if (roundTrip < _shortest) _shortest = roundTrip;
        if (now - _baseSince > BaseLasts) Renew(now);
        if (_base < ShortestPacedRoundTrip) BytesPerSecond = 0;
        if (now - _intervalStart < Interval) return;
        // An echo that was lost and sent again holds up those behind it: only what two intervals show is the queue.
        TimeSpan queue = _shortest - _base;
        Queue = queue < _lastQueue ? queue : _lastQueue;
        (_lastQueue, _shortest, _intervalStart) = (queue, TimeSpan.MaxValue, now);
        if (_base >= ShortestPacedRoundTrip) Decide(now);
    }

    // A route may become longer: what was shortest in the last half minute is the base of the next.
    private void Renew(TimeSpan now)
    {
        // Where there is no pace there is nothing to drain with.
        if (_base >= ShortestPacedRoundTrip)
        {
            if (_nextBase > _base && !_isDrained && _doubtingIntervals == 0) Doubt(false, now);
            if (_doubtingIntervals > 0) return;
        }
        (_base, _nextBase, _baseSince, _isDrained, _doubtingIntervals) = (_nextBase, TimeSpan.MaxValue, now, false, 0);
    }

    // Drains the path for a while, so that the round trip shows without a queue.
    private void Doubt(bool sawQueue, TimeSpan now) =>
        (_doubtedAt, _doubted, _hadQueue, _doubtingIntervals, _unmatchedIntervals) = (now, _base, sawQueue, DrainIntervals, 0);

    private TimeSpan Interval => _base > TimeSpan.FromMilliseconds(40) ? _base : TimeSpan.FromMilliseconds(40);

    private void Decide(TimeSpan now)
    {
        // At first the news of several chunks comes at once, and would tell of a rate that there never was.
        double? arriving = _isWatchedLong ? ArrivingBytesPerSecond(LongWindow, 8, now) : null;
        if (arriving > _peak || now - _peakAt > BaseLasts) (_peak, _peakAt) = (arriving ?? _peak, now);
        TimeSpan target = TimeSpan.FromMilliseconds(Math.Clamp(_base.TotalMilliseconds / 4, 4, 25) * _patience);
        if (_doubtingIntervals > 0)
        {
            BytesPerSecond = (long)((1 - DrainShare) * Math.Min(_rate, arriving ?? _rate));
            if (--_doubtingIntervals == 0) Doubted(target, arriving);
            return;
        }
        if (arriving is { } carried && IsDoubtful(carried, now)) Doubt(Queue > target / 2, now);
        _emptyIntervals = Queue > target / 2 ? 0 : _emptyIntervals + 1;
        _fullIntervals = Queue < 2.5 * target ? 0 : _fullIntervals + 1;
        LosePatience(target, now);

        _busyIntervals = Queue > target / 2 && _fullIntervals == 0 ? _busyIntervals + 1 : 0;
        // A queue that stays about its target: the link is full at this rate.
        if (_busyIntervals > 2 * SeenAfterIntervals) _isUnsure = false;
        if (_isTrusting && ++_intervals > TrustIntervals) StopTrusting(arriving, now);
        double error = (target - Queue).TotalSeconds;
        double proportion = Proportion / (_base + SeenAfterIntervals * Interval).TotalSeconds;
        _rate = _isStarting ? Start(error, target, now) : Follow(error, proportion, now);
        // A pace that isn't used says nothing of the link, and doesn't grow for ever.
        if (!_isStarting && _peak > 0)
            _rate = Math.Min(_rate, MostBeyondPeak * Math.Max(_peak, ArrivingBytesPerSecond(SeenAfterIntervals * Interval, 4, now) ?? 0));
        _rate = Math.Max(_rate, SlowestBytesPerSecond);
        _rates.Enqueue(_rate);
        if (_rates.Count > SeenAfterIntervals) _rates.Dequeue();

        // A long queue is drained before the link drops what doesn't fit; then there is a while to see what came of it.
        bool drains = _fullIntervals > 0 && (_fullIntervals - 1) % (2 * DrainIntervals) < DrainIntervals;
        BytesPerSecond = (long)(_rate * (1 + (drains ? -DrainShare : Math.Max(proportion * error, -DrainShare / 4))));
    }

    // Whether less arrives than is let through, for a while. As it does where there is little to send: seldom, then.
    private bool IsDoubtful(double arriving, TimeSpan now)
    {
        bool isMatched = arriving > MatchingShare * SeenRate || _fullIntervals > 0, grows = arriving > 1.15 * _mostArrived;
        _unmatchedIntervals = isMatched || grows ? 0 : _unmatchedIntervals + 1;
        if (_unmatchedIntervals == 0) _mostArrived = Math.Max(_mostArrived, arriving);
        return _unmatchedIntervals > 2 * SeenAfterIntervals && !(now - _doubtedAt < BaseLasts);
    }

    private void Doubted(TimeSpan target, double? arriving)
    {
        (_isDrained, _emptyIntervals) = (true, 0);
        // There was no queue, or not much of one.
        if (_doubted - _base < target / 4 && !_hadQueue) return;
        (_isStarting, _isTrusting, _isUnsure) = (false, false, true);
        _rate = Math.Min(_rate, arriving ?? _rate);
    }

    // The rate whose effect is seen now.
    private double SeenRate => _rates.TryPeek(out double rate) ? rate : _rate;

    private static double Begin(long known) => known == 0 ? InitialBytesPerSecond : Math.Max(ShareOfKnown * known, SlowestBytesPerSecond);

    private double Start(double error, TimeSpan target, TimeSpan now)
    {
        if (error >= 0)
        {
            // There may be a queue: the next interval tells.
            if (_lastQueue > target) return _rate;
            // Not far beyond what has arrived so far: what doesn't fit would be lost, and sent again.
            double arrived = Math.Max(ArrivingBytesPerSecond(2 * Interval, 2, now) ?? 0, InitialBytesPerSecond);
            return Math.Min(2 * _rate, MostBeyondArriving * arrived);
        }
        // Either the link is full, and what arrives is what it carries; or congestion control itself was still starting.
        (_isStarting, _isUnsure) = (false, true);
        return Math.Clamp(ArrivingBytesPerSecond(SeenAfterIntervals * Interval, 4, now) ?? 0, Math.Min(2 * SeenRate, 0.6 * _rate), 0.8 * _rate);
    }

    private double Follow(double error, double proportion, TimeSpan now)
    {
        // What was known isn't so any more, by whatever factor.
        if (_isTrusting && _fullIntervals >= 2 && ArrivingBytesPerSecond(2 * Interval, 4, now) is { } arriving)
        {
            (_isTrusting, _isUnsure) = (false, true);
            return Math.Min(arriving, _rate);
        }
        // With a queue that stands, what arrives is what the link carries. A few late chunks don't make the rate collapse.
        if (_fullIntervals >= SeenAfterIntervals && ArrivingBytesPerSecond(_fullIntervals * Interval, 8, now) is { } carried)
            return Math.Clamp(carried, 0.8 * _rate, _rate);
        if (error < 0 && _isGrowing)
        {
            // Between the rate that was seen to fill the link and the present one; and not more than the full link carries.
            double filling = Math.Max((SeenRate + _rate) / 2, 0.8 * _rate);
            _isGrowing = _isUnsure = _isTrusting = false;
            return ArrivingBytesPerSecond(SeenAfterIntervals * Interval, 8, now) is { } full ? Math.Clamp(full, 0.8 * _rate, filling) : filling;
        }
        if (_fullIntervals == 1) return 0.98 * _rate;
        if (_emptyIntervals > 1)
        {
            _isGrowing = true;
            if (_isUnsure) return Sought(now);
            double patient = _rate < 0.85 * _peak ? FastestGrowth : Math.Min(GrowthStep * _emptyIntervals, FastestGrowth);
            return _rate * (1 + (_isTrusting ? TrustingGrowth : patient));
        }
        return _rate * (1 + proportion * proportion / 6 * error * Interval.TotalSeconds);
    }

    private double Sought(TimeSpan now)
    {
        // Large chunks on a slow path come too seldom for a short look.
        double most = MostBeyondArrivingUnsure * (ArrivingBytesPerSecond(SeenAfterIntervals * Interval, 4, now) ?? ArrivingBytesPerSecond(LongWindow, 8, now) ?? _rate);
        // Far less arrives than is let through: it is lost, or there is no more.
        return most < 0.7 * _rate ? most : Math.Max(_rate, Math.Min((1 + UnsureGrowth) * _rate, most));
    }

    private void LosePatience(TimeSpan target, TimeSpan now)
    {
        // Two drains didn't help.
        if (_fullIntervals > 4 * DrainIntervals && target < _base) (_patience, _fullIntervals) = (_patience * 2, 0);
        if (Queue >= target / 2) _shortSince = now;
        if (now - _shortSince > PatienceEvery && _patience > 1) (_patience, _shortSince) = (_patience / 2, now);
    }

    private void StopTrusting(double? arriving, TimeSpan now)
    {
        (_isTrusting, _peak) = (false, arriving ?? _peak);
        // Where there was no queue and all that was let through arrives, there is more to be had. Where it doesn't arrive it is lost, in a
        // queue that was full before the first echo.
        _isUnsure = !(ArrivingBytesPerSecond(SeenAfterIntervals * Interval, 4, now) > 0.7 * _rate);
        _isStarting = !_isUnsure && _emptyIntervals > TrustIntervals;
    }

    // Null where too few chunks came to say.
    private double? ArrivingBytesPerSecond(TimeSpan window, int atLeast, TimeSpan now)
    {
        long bytes = 0;
        int count = 0;
        bool isWhole = _isWatchedLong;
        TimeSpan from = now - window;
        foreach (var (at, arrived) in _delivered)
        {
            if (now - at > window)
            {
                isWhole = true;
                continue;
            }
            // Where the window is longer than what was seen: from the first delivery on, whose own bytes took time before it.
            if (count++ == 0 && !isWhole) from = at;
            else bytes += arrived;
        }
        return count < atLeast ? null : bytes / Math.Max((now - from).TotalSeconds, 0.001);
    }

    private TimeSpan LongWindow => BaseRoundTrip is { } roundTrip && 8 * roundTrip > TimeSpan.FromSeconds(1) ? 8 * roundTrip : TimeSpan.FromSeconds(1);
}
