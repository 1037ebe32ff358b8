namespace ChunkStream.Protocol.Pacing;

/// <summary>
/// Decides how fast a path's sender should write, from what arrives at its other end and from the round trips of small echoes that wait
/// in the same queue. Does no I/O and has no clock. Not thread-safe.
/// <para>
/// The pace doubles each round trip until the queue at the narrowest link shows for the first time. From then on it keeps that queue near
/// a small target: it grows while the queue is shorter, and falls towards what arrives while it is longer. So the link stays busy, its
/// queue stays short, and what is lost is what the link itself loses. A loss as such changes nothing.
/// </para>
/// <para>
/// A queue that stays although we send less than arrives isn't ours: another sender keeps it full. The target then doubles every two
/// seconds, up to a round trip, so that we aren't starved by those who fill queues; it halves again when the queue is short.
/// Delay as the signal and a target for it: LEDBAT (RFC 6817), Copa (Arun and Balakrishnan, NSDI 2018), whose switch between modes is
/// the model of the last rule. Delivered bytes as the rate: BBR (Cardwell et al., ACM Queue 2016).
/// </para>
/// </summary>
public sealed class PaceController
{
    /// <summary>On shorter paths the pace is left to the congestion control: timers are too coarse for it.</summary>
    public static readonly TimeSpan ShortestPacedRoundTrip = TimeSpan.FromMilliseconds(4);

    /// <summary>The pace before the first echo: 32 Mbit/s.</summary>
    public const long InitialBytesPerSecond = 4_000_000;

    private const long SlowestBytesPerSecond = 64 * 1024;
    // A round trip's worth of each: how much the rate itself follows the queue, and how much the pace does for the moment. With echoes
    // a round trip late, a larger proportion swings.
    private const double SlowGrowth = 0.01, FastGrowth = 0.10, Proportion = 0.04;
    private static readonly TimeSpan PatienceEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BaseLasts = TimeSpan.FromSeconds(30);

    private readonly Queue<(TimeSpan At, long Bytes)> _delivered = new();
    private TimeSpan _base = TimeSpan.MaxValue, _nextBase = TimeSpan.MaxValue, _baseSince;
    private TimeSpan _shortest = TimeSpan.MaxValue, _lastQueue;
    private TimeSpan _intervalStart, _longSince, _shortSince;
    private double _patience = 1;
    private bool _isStarting = true;
    private double _rate = InitialBytesPerSecond, _peak;
    private TimeSpan _peakAt;
    private int _emptyIntervals;

    /// <summary>The pace, in bytes of frames a second. 0: unlimited.</summary>
    public long BytesPerSecond { get; private set; } = InitialBytesPerSecond;

    /// <summary>The round trip without a queue; null before the first echo.</summary>
    public TimeSpan? BaseRoundTrip => _base == TimeSpan.MaxValue ? null : _base;

    /// <summary>How long the queue was in the last interval.</summary>
    public TimeSpan Queue { get; private set; }

    /// <summary>Bytes arrived at the other end.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="now">A time that doesn't go back, from any start.</param>
    public void Delivered(long bytes, TimeSpan now)
    {
        _delivered.Enqueue((now, bytes));
    }

    /// <summary>An echo came back after this time.</summary>
    public void RoundTrip(TimeSpan roundTrip, TimeSpan now)
    {
        if (_base == TimeSpan.MaxValue) (_baseSince, _intervalStart, _longSince, _shortSince) = (now, now, now, now);
        if (roundTrip < _base) _base = roundTrip;
        if (roundTrip < _nextBase) _nextBase = roundTrip;
        if (roundTrip < _shortest) _shortest = roundTrip;
        // A route may become longer: what was shortest in the last half minute is the base of the next.
        if (now - _baseSince > BaseLasts) (_base, _nextBase, _baseSince) = (_nextBase, TimeSpan.MaxValue, now);
        if (_base < ShortestPacedRoundTrip) BytesPerSecond = 0;
        if (now - _intervalStart < Interval) return;
        // An echo that was lost and sent again holds up those behind it: only what two intervals show is the queue.
        TimeSpan queue = _shortest - _base;
        Queue = queue < _lastQueue ? queue : _lastQueue;
        (_lastQueue, _shortest, _intervalStart) = (queue, TimeSpan.MaxValue, now);
        if (_base >= ShortestPacedRoundTrip) Decide(now);
    }

    private TimeSpan Interval => _base > TimeSpan.FromMilliseconds(40) ? _base : TimeSpan.FromMilliseconds(40);

    private void Decide(TimeSpan now)
    {
        double? arriving = ArrivingBytesPerSecond(LongWindow, 8, now);
        if (arriving > _peak || now - _peakAt > BaseLasts) (_peak, _peakAt) = (arriving ?? _peak, now);
        double target = Math.Clamp(_base.TotalMilliseconds / 8, 4, 25) * _patience;
        double queue = Queue.TotalMilliseconds;
        LosePatience(queue, target, now);
        // 1 with no queue, 0 at the target, below 0 beyond it.
        double room = 1 - queue / target;
        if (room < 0 && _isStarting)
        {
            // The link is full. Two intervals passed until it showed, in each of which the rate doubled; chunks arrive later still.
            _isStarting = false;
            _rate = Math.Clamp(2 * (ArrivingBytesPerSecond(4 * _base, 4, now) ?? 0), _rate / 4, _rate / 2);
        }
        else if (room < 0)
        {
            // More than arrives is what made the queue. A few late chunks don't make the rate collapse.
            if (arriving is { } rate) _rate = Math.Clamp(1.1 * rate, 0.8 * _rate, _rate);
        }
        if (queue > target / 2) _emptyIntervals = 0;
        else _emptyIntervals++;
        double growth = _isStarting ? 1 : _rate < 0.9 * _peak || _emptyIntervals > 4 ? FastGrowth : SlowGrowth;
        _rate *= 1 + Math.Max(growth * room, -0.05);
        // A pace that isn't used says nothing of the link, and doesn't grow for ever.
        if (!_isStarting && _peak > 0) _rate = Math.Min(_rate, 2 * _peak);
        _rate = Math.Max(_rate, SlowestBytesPerSecond);
        BytesPerSecond = (long)(_rate * (1 + Math.Max(Proportion * room, -0.25)));
    }

    private void LosePatience(double queue, double target, TimeSpan now)
    {
        if (queue <= target) _longSince = now;
        if (queue >= target / 2) _shortSince = now;
        if (now - _longSince > PatienceEvery && target < _base.TotalMilliseconds) (_patience, _longSince) = (_patience * 2, now);
        if (now - _shortSince > PatienceEvery && _patience > 1) (_patience, _shortSince) = (_patience / 2, now);
    }

    // Null where too few chunks came to say.
    private double? ArrivingBytesPerSecond(TimeSpan window, int atLeast, TimeSpan now)
    {
        while (_delivered.TryPeek(out var oldest) && now - oldest.At > LongWindow) _delivered.Dequeue();
        // From the first delivery on, whose own bytes took time before it.
        long bytes = 0;
        int count = 0;
        TimeSpan first = now;
        foreach (var (at, arrived) in _delivered)
        {
            if (now - at > window) continue;
            if (count++ == 0) first = at;
            else bytes += arrived;
        }
        return count < atLeast ? null : bytes / Math.Max((now - first).TotalSeconds, 0.001);
    }

    private TimeSpan LongWindow => 8 * _base > TimeSpan.FromSeconds(1) ? 8 * _base : TimeSpan.FromSeconds(1);
}
