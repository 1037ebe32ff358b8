namespace ChunkStream.Core.Scheduling;

/// <summary>Counts what happened in the last ten to eleven seconds, in slots of one. Not thread-safe.</summary>
internal sealed class RateWindow(long ticksPerSecond, long startTimestamp)
{
    private const int Slots = 11;

    private readonly (long Items, long Bytes)[] _slots = new (long, long)[Slots];
    private long _slotEnd = startTimestamp + ticksPerSecond;
    private int _slot;
    private (long Items, long Bytes) _total;

    public void Add(long bytes, long timestamp)
    {
        if (timestamp >= _slotEnd) Advance(timestamp);
        _slots[_slot].Items++;
        _slots[_slot].Bytes += bytes;
        _total.Items++;
        _total.Bytes += bytes;
    }

    public (double ItemsPerSecond, double BytesPerSecond) RateAt(long timestamp)
    {
        if (timestamp >= _slotEnd) Advance(timestamp);

        // The window is ten whole seconds and what has passed of this one, or less where the queue is younger: but a second at least.
        double sinceStart = (double)(timestamp - startTimestamp) / ticksPerSecond;
        double inWindow = Slots - (double)(_slotEnd - timestamp) / ticksPerSecond;
        double seconds = Math.Max(1, Math.Min(sinceStart, inWindow));
        return (_total.Items / seconds, _total.Bytes / seconds);
    }

    private void Advance(long timestamp)
    {
        long seconds = (timestamp - _slotEnd) / ticksPerSecond + 1;
        _slotEnd += seconds * ticksPerSecond;
        for (long i = Math.Min(seconds, Slots); i > 0; i--)
        {
            _slot = (_slot + 1) % Slots;
            _total.Items -= _slots[_slot].Items;
            _total.Bytes -= _slots[_slot].Bytes;
            _slots[_slot] = default;
        }
    }
}
