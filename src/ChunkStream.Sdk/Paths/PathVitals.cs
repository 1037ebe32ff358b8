using ChunkStream.Core.Paths;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Sdk.Paths;

/// <summary>Signs of life of a path, and what is counted of it, during one call. Thread-safe.</summary>
internal sealed class PathVitals(TimeProvider time)
{
    // So long a round trip is remembered as the shortest: a route that has become longer is soon believed.
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly List<Lane> _lanes = [];
    private readonly Queue<(long At, TimeSpan RoundTrip)> _roundTrips = [];
    private PathHysteresis _hysteresis;
    private long _heardAt = time.GetTimestamp();
    private long _connectedAt = time.GetTimestamp();
    private long _connections, _resent, _hedged, _cancelled, _measuredSent, _measuredLost;
    private double? _lossRate;

    public PathCondition Condition
    {
        get
        {
            lock (_lock) return _hysteresis.Condition;
        }
    }

    /// <summary>It has chunks on their way and says nothing. What can go over another path should, at once.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>Its gateway answers and takes nothing, since <see cref="Connected"/>.</summary>
    public bool IsStuck { get; set; }

    /// <summary>Whether a lane was welcomed since <see cref="Connected"/>.</summary>
    public bool IsWelcomed { get; private set; }

    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>Chunks that had to be sent or asked for again because this path didn't deliver them.</summary>
    public long ResentChunks => Interlocked.Read(ref _resent);

    /// <summary>Chunks that crossed here in place of another that was late.</summary>
    public long HedgedChunks => Interlocked.Read(ref _hedged);

    /// <summary>Chunks that were called off on their way here.</summary>
    public long CancelledChunks => Interlocked.Read(ref _cancelled);

    /// <summary>Share of packets that had to be sent again, smoothed; null where the system doesn't tell.</summary>
    public double? LossRate
    {
        get
        {
            lock (_lock) return _lossRate;
        }
    }

    /// <summary>The shortest round trip of the last seconds; null before the first.</summary>
    public TimeSpan? RoundTrip
    {
        get
        {
            lock (_lock) return _roundTrips.Count == 0 ? null : _roundTrips.Min(one => one.RoundTrip);
        }
    }

    /// <summary>How long ago its connection was made.</summary>
    public TimeSpan Stood => time.GetElapsedTime(Interlocked.Read(ref _connectedAt));

    /// <summary>How long nothing has been heard.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Interlocked.Read(ref _heardAt));

    public void Resent() => Interlocked.Increment(ref _resent);

    public void Hedged() => Interlocked.Increment(ref _hedged);

    public void Cancelled() => Interlocked.Increment(ref _cancelled);

    public void Heard() => Interlocked.Exchange(ref _heardAt, time.GetTimestamp());

    public void Answered(TimeSpan roundTrip)
    {
        Heard();
        lock (_lock)
        {
            _roundTrips.Enqueue((time.GetTimestamp(), roundTrip));
            while (_roundTrips.Count > 64 || (_roundTrips.Count > 1 && time.GetElapsedTime(_roundTrips.Peek().At) > Remembered)) _roundTrips.Dequeue();
        }
    }

    /// <summary>A connection stands: whatever was before, the path gets its chance.</summary>
    public void Connected()
    {
        Interlocked.Increment(ref _connections);
        Interlocked.Exchange(ref _connectedAt, time.GetTimestamp());
        Heard();
        IsSuspect = IsStuck = IsWelcomed = false;
        lock (_lock)
        {
            (_measuredSent, _measuredLost) = (0, 0);
            if (_hysteresis.Condition == PathCondition.Failed) _hysteresis = new(PathCondition.Degraded, 0, 0);
        }
    }

    /// <summary>One more connection of a path that has some.</summary>
    public void ConnectedAlso() => Interlocked.Increment(ref _connections);

    public void Failed() => Sample(delivered: false, failed: true);

    public void Sample(bool delivered, bool failed)
    {
        TimeSpan? roundTrip = RoundTrip;
        lock (_lock) _hysteresis = _hysteresis.After(delivered, failed, _lossRate, roundTrip);
    }

    /// <summary>A lane was welcomed: it can be pinged.</summary>
    public void Opened(Lane lane)
    {
        Heard();
        IsWelcomed = true;
        lock (_lock) _lanes.Add(lane);
    }

    public void Closed(Lane lane)
    {
        lock (_lock) _lanes.Remove(lane);
    }

    /// <summary>Lanes that are open, as they are now.</summary>
    public IReadOnlyList<Lane> Lanes
    {
        get
        {
            lock (_lock) return [.. _lanes];
        }
    }

    /// <summary>Takes what the system measured. Answers for how long the network has been silent; null where the system doesn't tell.</summary>
    public TimeSpan? Measure()
    {
        TimeSpan? silence = null;
        long sent = 0, lost = 0;
        foreach (Lane lane in Lanes)
        {
            if (lane.Measure() is not { } measure) continue;
            silence = silence < measure.Silence ? silence : measure.Silence;
            (sent, lost) = (sent + measure.SentSegments, lost + measure.LostSegments);
        }
        if (silence is null) return null;
        lock (_lock)
        {
            long newSent = sent - _measuredSent, newLost = lost - _measuredLost;
            // Enough packets to speak of a share; and a lane that closed takes its counts with it.
            if (newSent < 0 || newLost < 0) (_measuredSent, _measuredLost) = (sent, lost);
            if (newSent < 100 || newLost < 0) return silence;
            double rate = Math.Min(1, (double)newLost / newSent);
            _lossRate = _lossRate is { } before ? before + 0.25 * (rate - before) : rate;
            (_measuredSent, _measuredLost) = (sent, lost);
        }
        return silence;
    }
}
