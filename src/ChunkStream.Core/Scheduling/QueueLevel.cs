namespace ChunkStream.Core.Scheduling;

/// <summary>
/// One level of a <see cref="ChunkQueue{T}"/>, in sequence order. New items have the highest sequence numbers, so a ring keeps them in
/// order; those that came back or from another level are kept beside it by number. Not thread-safe.
/// </summary>
internal sealed class QueueLevel<T>
{
    private readonly PriorityQueue<QueuedItem<T>, long> _returned = new();
    private QueuedItem<T>[] _ring = new QueuedItem<T>[16];
    private int _first;
    private int _ringCount;

    public int Count => _ringCount + _returned.Count;

    /// <summary>The cost of the next item, or -1 where there is none.</summary>
    public long HeadBytes => Count == 0 ? -1 : ReturnedIsNext ? _returned.Peek().CostBytes : _ring[_first].CostBytes;

    private bool ReturnedIsNext =>
        _returned.TryPeek(out _, out long sequence) && (_ringCount == 0 || sequence < _ring[_first].Sequence);

    /// <summary>Adds an item whose sequence number is higher than any before.</summary>
    public void Append(in QueuedItem<T> item)
    {
        if (_ringCount == _ring.Length) Grow();
        _ring[(_first + _ringCount) & (_ring.Length - 1)] = item;
        _ringCount++;
    }

    /// <summary>Adds an item with any sequence number.</summary>
    public void Return(in QueuedItem<T> item) => _returned.Enqueue(item, item.Sequence);

    public QueuedItem<T> Peek() => ReturnedIsNext ? _returned.Peek() : _ring[_first];

    public QueuedItem<T> Take()
    {
        if (ReturnedIsNext) return _returned.Dequeue();
        QueuedItem<T> item = _ring[_first];
        _ring[_first] = default;
        _first = (_first + 1) & (_ring.Length - 1);
        _ringCount--;
        return item;
    }

    /// <summary>Takes out every item that matches, in no particular order.</summary>
    public void TakeWhere(Predicate<T> match, List<QueuedItem<T>> taken)
    {
        int kept = 0;
        for (int i = 0; i < _ringCount; i++)
        {
            QueuedItem<T> item = _ring[(_first + i) & (_ring.Length - 1)];
            if (match(item.Item)) taken.Add(item);
            else _ring[(_first + kept++) & (_ring.Length - 1)] = item;
        }
        for (int i = kept; i < _ringCount; i++) _ring[(_first + i) & (_ring.Length - 1)] = default;
        _ringCount = kept;

        QueuedItem<T>[] returned = [.. _returned.UnorderedItems.Select(entry => entry.Element)];
        _returned.Clear();
        foreach (QueuedItem<T> item in returned)
        {
            if (match(item.Item)) taken.Add(item);
            else Return(item);
        }
    }

    private void Grow()
    {
        var larger = new QueuedItem<T>[_ring.Length * 2];
        for (int i = 0; i < _ringCount; i++) larger[i] = _ring[(_first + i) & (_ring.Length - 1)];
        _ring = larger;
        _first = 0;
    }
}
