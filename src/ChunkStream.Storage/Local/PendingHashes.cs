using System.Diagnostics.CodeAnalysis;
using ChunkStream.Core.Integrity;

namespace ChunkStream.Storage.Local;

/// <summary>
/// The hashes of one shard's chunks whose bytes aren't durable yet, so that their hashes mustn't be on disk either. Two sets take turns:
/// one takes new writes while the other one is being flushed. Thread-safe.
/// </summary>
internal sealed class PendingHashes
{
    private readonly Lock _gate = new();
    private Dictionary<int, Digest> _written = [];
    private Dictionary<int, Digest> _flushing = [];
    private int _flushCount;

    public void Add(int stripe, Digest hash)
    {
        lock (_gate) _written[stripe] = hash;
    }

    /// <summary>Forgets a chunk that is about to be overwritten.</summary>
    public void Remove(int stripe)
    {
        lock (_gate) _written.Remove(stripe);
    }

    public bool TryGet(int stripe, [MaybeNullWhen(false)] out Digest hash)
    {
        lock (_gate) return _written.TryGetValue(stripe, out hash) || _flushing.TryGetValue(stripe, out hash);
    }

    /// <summary>How many flushes have ended: who sees it change may have missed hashes that moved to the sidecar.</summary>
    public int FlushCount
    {
        get
        {
            lock (_gate) return _flushCount;
        }
    }

    /// <summary>Lays the pending hashes over those that were read from the sidecar.</summary>
    public void Overlay(int firstStripe, Span<Digest> hashes)
    {
        lock (_gate)
        {
            if (_written.Count + _flushing.Count == 0) return;
            for (int i = 0; i < hashes.Length; i++)
                if (_written.TryGetValue(firstStripe + i, out Digest hash) || _flushing.TryGetValue(firstStripe + i, out hash))
                    hashes[i] = hash;
        }
    }

    /// <summary>
    /// Takes what was written so far for a flush, and says whether that is anything. One flush at a time, ended by <see cref="EndFlush"/>;
    /// after one that failed there is no other.
    /// </summary>
    public bool BeginFlush()
    {
        lock (_gate)
        {
            if (_written.Count == 0) return false;
            (_written, _flushing) = (_flushing, _written);
            return true;
        }
    }

    /// <summary>The stripes in the flush, in order.</summary>
    /// <param name="stripes">At least <see cref="FlushingCount"/> long.</param>
    public void CopyFlushing(Span<int> stripes)
    {
        // Nobody changes the set between the flush's beginning and its end.
        int count = 0;
        foreach (int stripe in _flushing.Keys) stripes[count++] = stripe;
        stripes[..count].Sort();
    }

    public int FlushingCount => _flushing.Count;

    public Digest Flushing(int stripe) => _flushing[stripe];

    public void EndFlush()
    {
        lock (_gate)
        {
            _flushing.Clear();
            _flushCount++;
        }
    }
}
