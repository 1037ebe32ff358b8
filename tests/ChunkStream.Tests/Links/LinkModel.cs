namespace ChunkStream.Tests.Links;

/// <summary>One direction of a link: what becomes of each packet. The same seed and the same packets, the same fates. No I/O, no clock.</summary>
internal sealed class LinkModel(int seed)
{
    // Longer queues than this a packet doesn't wait in: it is dropped.
    private static readonly TimeSpan MaxQueue = TimeSpan.FromMilliseconds(200);

    private readonly Random _random = new(seed);
    private TimeSpan _freeAt, _lastAt;

    /// <summary>When a packet that comes now is there; null: never.</summary>
    public TimeSpan? Cross(LinkConditions link, TimeSpan now, int bytes)
    {
        // Drawn for every packet, so that a hole or a queue doesn't change the fates of those after it.
        double loss = _random.NextDouble(), jitter = _random.NextDouble(), overtakes = _random.NextDouble();
        if (link.IsHole) return null;
        TimeSpan starts = _freeAt > now ? _freeAt : now;
        if (link.RateMbit > 0)
        {
            if (starts - now > MaxQueue) return null;
            starts = _freeAt = starts + TimeSpan.FromSeconds(bytes * 8e-6 / link.RateMbit);
        }
        if (loss < link.Loss) return null;
        if (overtakes < link.Reordering) return starts;
        TimeSpan arrives = starts + link.Delay + (link.Jitter * jitter);
        return _lastAt = arrives > _lastAt ? arrives : _lastAt;
    }
}
