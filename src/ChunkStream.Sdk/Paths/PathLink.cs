using ChunkStream.Transport.Lanes;

namespace ChunkStream.Sdk.Paths;

/// <summary>
/// A path while a call uses it: what it carries now and how fast it has been. Its numbers belong to the <see cref="ChunkDispatcher{T}"/>
/// whose lock they are read and written under.
/// </summary>
internal sealed class PathLink(string key, LaneKind kind, TimeProvider time)
{
    // Before anything is measured: 100 Mbit/s, so that paths start alike.
    private const double FirstGuessBytesPerSecond = 12.5e6;
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMilliseconds(100);

    private long _sampleStartedAt = time.GetTimestamp();
    private long _sampleBytes;
    private long _idleSince = time.GetTimestamp();
    private TimeSpan _idle;

    public string Key => key;

    public LaneKind Kind => kind;

    public long InFlightBytes { get; private set; }

    public long DeliveredBytes { get; private set; }

    public long DeliveredChunks { get; private set; }

    public int Failures { get; set; }

    /// <summary>The shortest round trip seen; zero before the first.</summary>
    public TimeSpan RoundTrip { get; private set; }

    /// <summary>Bytes a second while there was something to deliver, smoothed; null before the first sample.</summary>
    public double? BytesPerSecond { get; private set; }

    /// <summary>When a chunk of so many bytes, given to this path now, would be there: in seconds.</summary>
    public double SecondsToDeliver(long bytes, double guessBytesPerSecond) =>
        (InFlightBytes + bytes) / (BytesPerSecond ?? guessBytesPerSecond) + RoundTrip.TotalSeconds;

    /// <summary>What to take for a path that hasn't been measured: as good as the best that has.</summary>
    public static double Guess(IEnumerable<PathLink> paths) => paths.Max(path => path.BytesPerSecond) ?? FirstGuessBytesPerSecond;

    public void Measured(TimeSpan roundTrip)
    {
        if (RoundTrip == TimeSpan.Zero || roundTrip < RoundTrip) RoundTrip = roundTrip;
    }

    public void Start(long bytes)
    {
        if (InFlightBytes == 0) _idle += time.GetElapsedTime(_idleSince);
        InFlightBytes += bytes;
    }

    public void Deliver(long bytes)
    {
        Stop(bytes);
        DeliveredBytes += bytes;
        DeliveredChunks++;
        _sampleBytes += bytes;
        TimeSpan elapsed = time.GetElapsedTime(_sampleStartedAt);
        TimeSpan busy = elapsed - _idle;
        if (elapsed < SampleEvery || busy <= TimeSpan.Zero) return;
        double sample = _sampleBytes / busy.TotalSeconds;
        BytesPerSecond = BytesPerSecond is { } rate ? rate + 0.3 * (sample - rate) : sample;
        (_sampleStartedAt, _sampleBytes, _idle) = (time.GetTimestamp(), 0, TimeSpan.Zero);
    }

    public void Stop(long bytes)
    {
        InFlightBytes -= bytes;
        if (InFlightBytes == 0) _idleSince = time.GetTimestamp();
    }

    public PathSummary Summary() => new(key, kind.ToString().ToLowerInvariant(), DeliveredChunks, DeliveredBytes, RoundTrip);
}
