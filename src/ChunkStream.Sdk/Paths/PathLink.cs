using ChunkStream.Core.Paths;
using ChunkStream.Sdk.Control;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Sdk.Paths;

/// <summary>
/// A path while a call uses it: what it carries now and how fast it has been. Its numbers belong to the <see cref="ChunkDispatcher{T}"/>
/// whose lock they are read and written under.
/// </summary>
internal sealed class PathLink(string key, LaneKind kind, TimeProvider time, int rank = 0, PathState? known = null)
{
    // Before anything is measured: 100 Mbit/s, so that paths start alike.
    private const double FirstGuessBytesPerSecond = 12.5e6;
    // One chunk goes on trust; beyond it, others are first until the path has shown what it carries.
    private const double DistrustSeconds = 60;
    // A degraded path gets what it would if it were so many times slower: less, and not nothing.
    private const double DegradedFactor = 3;
    // What is on its way fills buffers at both ends, and waits the longer. Twice what a path carries in a round trip keeps it busy, with some
    // more for the ends, which take longer than a short path does; so much, and not more than keeps the fastest busy.
    private const double RoundTripsInFlight = 2, EndsSeconds = 0.3;
    private const long LeastForEndsBytes = 1024 * 1024, MostForEndsBytes = 8 * 1024 * 1024;
    // So long a new connection carries more each round trip, and what is on its way shouldn't be what holds it back.
    private static readonly TimeSpan Growing = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(100);

    // A full path that has delivered nothing for so long gets nothing in the place of one that isn't full.
    private static readonly TimeSpan StalledAfter = TimeSpan.FromSeconds(2);

    private long _sampleStartedAt = time.GetTimestamp();
    private long _deliveredAt = time.GetTimestamp();
    private long _sampleBytes;
    private long _idleSince = time.GetTimestamp();
    private TimeSpan _idle;
    private bool _wasFull;

    public string Key => key;

    public LaneKind Kind => kind;

    /// <summary>Whose turn it is: paths of a rank carry only while none of a lower one is well.</summary>
    public int Rank => rank;

    /// <summary>What isn't the dispatcher's: signs of life, condition and counters.</summary>
    public PathPace Pace { get; } = new(time)
    {
        KnownBytesPerSecond = (long)(known?.BytesPerSecond ?? 0),
        KnownRoundTrip = known?.RoundTripMs is > 0 and < 10_000 and double milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : default,
    };

    public PathVitals Vitals { get; } = new(time);

    /// <summary>It doesn't say that something is wrong with it.</summary>
    public bool IsWell => !Vitals.IsSuspect && Vitals.Condition != PathCondition.Failed;

    public long InFlightBytes { get; private set; }

    public long DeliveredBytes { get; private set; }

    public long DeliveredChunks { get; private set; }

    public int Failures { get; set; }

    /// <summary>The shortest round trip seen; zero before the first.</summary>
    public TimeSpan RoundTrip { get; private set; }

    /// <summary>Bytes a second while there was something to deliver, smoothed; null before the first sample.</summary>
    public double? BytesPerSecond { get; private set; }

    /// <summary>
    /// What it is believed to carry: what it did lately, for an earlier call; null where that isn't known, before the first sample. What it
    /// delivers while it isn't full says only how much it can at the least: one that is given little would look slow, and be given less.
    /// </summary>
    public double? BelievedBytesPerSecond { get; private set; } = known?.BytesPerSecond is > 0 and double lately ? lately : null;

    /// <summary>Enough is on its way: more would not be there sooner.</summary>
    public bool IsFull => InFlightBytes >= MostInFlightBytes;

    /// <summary>It is full, and nothing arrives: what waits for it may wait for ever.</summary>
    public bool IsStalled => IsFull && time.GetElapsedTime(_deliveredAt) > StalledAfter;

    /// <summary>A chunk is late on it, and it has delivered none since: another's guess or its own past says nothing of it.</summary>
    public bool IsLate { get; set; }

    /// <summary>When a chunk of so many bytes, given to this path now, would be there: in seconds.</summary>
    public double SecondsToDeliver(long bytes, double guessBytesPerSecond) =>
        ((InFlightBytes + bytes) / (BelievedBytesPerSecond ?? guessBytesPerSecond) + RoundTrip.TotalSeconds
            + ((BelievedBytesPerSecond is null && InFlightBytes > 0) || IsStalled || IsLate ? DistrustSeconds : 0))
        * (Vitals.Condition == PathCondition.Active ? 1 : DegradedFactor);

    /// <summary>Those whose turn it is: the lowest rank that has a path that is well; all, where none is.</summary>
    public static IReadOnlyList<PathLink> Turn(IReadOnlyList<PathLink> paths)
    {
        int rank = paths.Where(path => path.IsWell).Select(path => (int?)path.Rank).Min() ?? int.MaxValue;
        return rank == int.MaxValue ? paths : [.. paths.Where(path => path.IsWell && path.Rank == rank)];
    }

    /// <summary>What to take for a path that hasn't been measured: as good as the best that has.</summary>
    public static double Guess(IEnumerable<PathLink> paths) => paths.Max(path => path.BelievedBytesPerSecond) ?? FirstGuessBytesPerSecond;

    public void Measured(TimeSpan roundTrip)
    {
        Vitals.Answered(roundTrip);
        if (RoundTrip == TimeSpan.Zero || roundTrip < RoundTrip) RoundTrip = roundTrip;
    }

    public void Start(long bytes)
    {
        if (InFlightBytes == 0) (_idle, _deliveredAt) = (_idle + time.GetElapsedTime(_idleSince), time.GetTimestamp());
        InFlightBytes += bytes;
        _wasFull |= IsFull;
    }

    public void Deliver(long bytes)
    {
        Stop(bytes);
        Vitals.Heard();
        IsLate = false;
        _deliveredAt = time.GetTimestamp();
        DeliveredBytes += bytes;
        DeliveredChunks++;
        _sampleBytes += bytes;
        TimeSpan elapsed = time.GetElapsedTime(_sampleStartedAt);
        TimeSpan busy = elapsed - _idle;
        if (elapsed < SampleEvery || busy <= TimeSpan.Zero) return;
        double sample = _sampleBytes / busy.TotalSeconds;
        bool isMore = !(sample <= BelievedBytesPerSecond);
        if (_wasFull || isMore) BelievedBytesPerSecond = Smoothed(isMore && BytesPerSecond is null ? null : BelievedBytesPerSecond, sample);
        BytesPerSecond = Smoothed(BytesPerSecond, sample);
        (_sampleStartedAt, _sampleBytes, _idle, _wasFull) = (time.GetTimestamp(), 0, TimeSpan.Zero, IsFull);
    }

    public void Stop(long bytes)
    {
        InFlightBytes -= bytes;
        if (InFlightBytes == 0) (_idleSince, IsLate) = (time.GetTimestamp(), false);
    }

    public PathSummary Summary() => new(key, kind.ToString().ToLowerInvariant(), DeliveredChunks, DeliveredBytes, RoundTrip)
    {
        Condition = Vitals.Condition,
        LossRate = Vitals.LossRate,
        Connections = Vitals.Connections,
        ResentChunks = Vitals.ResentChunks,
        HedgedChunks = Vitals.HedgedChunks,
        CancelledChunks = Vitals.CancelledChunks,
    };

    private double MostInFlightBytes
    {
        get
        {
            // An earlier call may have had little to send: its rate limits nothing.
            if (BytesPerSecond is null || BelievedBytesPerSecond is not { } rate) return MostForEndsBytes;
            double most = RoundTripsInFlight * rate * RoundTrip.TotalSeconds + Math.Clamp(EndsSeconds * rate, LeastForEndsBytes, MostForEndsBytes);
            return Vitals.Stood > Growing ? most : Math.Max(most, MostForEndsBytes);
        }
    }

    private static double Smoothed(double? rate, double sample) => rate is { } before ? before + 0.3 * (sample - before) : sample;
}
