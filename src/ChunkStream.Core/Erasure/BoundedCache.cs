using System.Diagnostics.CodeAnalysis;

namespace ChunkStream.Core.Erasure;

/// <summary>
/// The entries that were used last, up to a number. Thread-safe. Finding one allocates nothing; two threads that miss the same one
/// both make it, and the first is kept.
/// </summary>
/// <param name="capacity">The most entries that are kept.</param>
internal sealed class BoundedCache<TKey, TValue>(int capacity)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _lastUsedFirst = new();

    public int Count
    {
        get
        {
            lock (_lock) return _nodes.Count;
        }
    }

    public bool TryGet(in TKey key, [NotNullWhen(true)] out TValue? value)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue(key, out LinkedListNode<(TKey, TValue)>? node))
            {
                value = null;
                return false;
            }

            if (node != _lastUsedFirst.First)
            {
                _lastUsedFirst.Remove(node);
                _lastUsedFirst.AddFirst(node);
            }
            value = node.Value.Item2;
            return true;
        }
    }

    /// <summary>Keeps a value, and gives back the one that is kept: another thread's, where that came first.</summary>
    public TValue Add(in TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(key, out LinkedListNode<(TKey Key, TValue Value)>? there)) return there.Value.Value;
            if (_nodes.Count >= capacity)
            {
                _nodes.Remove(_lastUsedFirst.Last!.Value.Key);
                _lastUsedFirst.RemoveLast();
            }
            _nodes.Add(key, _lastUsedFirst.AddFirst((key, value)));
            return value;
        }
    }
}
