using ChunkStream.Protocol.Pacing;

namespace ChunkStream.Tests.Protocol.Pacing;

/// <summary>A link with a rate, a delay and a queue of one bandwidth-delay product, whose sender keeps to the controller's pace.</summary>
internal sealed class SimulatedLink(
    double bytesPerSecond, TimeSpan roundTrip, int chunkBytes, double lostEchoes, int seed, long knownBytesPerSecond = 0, TimeSpan knownRoundTrip = default)
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(5);

    private readonly Random _random = new(seed);
    private readonly PriorityQueue<TimeSpan, TimeSpan> _echoes = new();
    private TimeSpan _now, _stalledUntil, _toldAt;
    private double _arrivedBytes, _toldBytes;

    public PaceController Controller { get; } = new(knownBytesPerSecond, knownRoundTrip);

    public double QueueBytes { get; set; }

    /// <summary>What has arrived is told no more often than this.</summary>
    public TimeSpan TellEvery { get; init; }

    public double BytesPerSecond { get; set; } = bytesPerSecond;

    /// <summary>What was sent, and didn't fit into the queue.</summary>
    public double DroppedBytes { get; private set; }

    /// <summary>The mean of what arrived in a second, and the longest queue, over this time.</summary>
    public (double ArrivedBytesPerSecond, TimeSpan LongestQueue) Run(TimeSpan time)
    {
        TimeSpan end = _now + time;
        double before = _arrivedBytes, longest = 0;
        for (; _now < end; _now += s_step)
        {
            double limit = BytesPerSecond * roundTrip.TotalSeconds;
            // Beyond a full queue the congestion control's window holds the sender back.
            double paced = Controller.BytesPerSecond * s_step.TotalSeconds;
            double sent = Math.Min(paced, limit + BytesPerSecond * s_step.TotalSeconds - QueueBytes);
            DroppedBytes += paced - sent;
            double carried = Math.Min(QueueBytes + sent, BytesPerSecond * s_step.TotalSeconds);
            QueueBytes += sent - carried;
            _arrivedBytes += carried;
            longest = Math.Max(longest, QueueBytes / BytesPerSecond);
            Echo();
        }
        return ((_arrivedBytes - before) / time.TotalSeconds, TimeSpan.FromSeconds(longest));
    }

    private void Echo()
    {
        // A lost echo comes a round trip later, and holds up those behind it.
        if (_random.NextDouble() < lostEchoes) _stalledUntil = _now + 2 * roundTrip;
        TimeSpan back = _now + roundTrip + TimeSpan.FromSeconds(QueueBytes / BytesPerSecond);
        _echoes.Enqueue(_now, back < _stalledUntil ? _stalledUntil : back);
        while (_echoes.TryPeek(out TimeSpan sentAt, out TimeSpan at) && at <= _now)
        {
            _echoes.Dequeue();
            // Chunks are heard of when they are whole.
            double whole = Math.Floor(_arrivedBytes / chunkBytes) * chunkBytes;
            if (whole > _toldBytes && _now - _toldAt >= TellEvery)
            {
                for (; _toldBytes < whole; _toldBytes += chunkBytes) Controller.Delivered(chunkBytes, _now);
                _toldAt = _now;
            }
            Controller.RoundTrip(_now - sentAt, _now);
        }
    }
}
