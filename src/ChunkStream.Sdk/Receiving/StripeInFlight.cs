using ChunkStream.Core.Layout;
using ChunkStream.Transport.Buffers;

namespace ChunkStream.Sdk.Receiving;

/// <summary>
/// A stripe that is being received, and the decision what to ask for next: the data chunks first, and for each that can't be had
/// another of the stripe, until k are there or none is left. Not thread-safe: <see cref="StripeFetcher"/> holds its lock.
/// </summary>
internal sealed class StripeInFlight
{
    private readonly ShardSet _existing;
    private readonly int _needed;
    private readonly ChunkBuffer?[] _chunks;
    private ShardSet _asked, _arrived, _missing;

    public StripeInFlight(FileLayout layout, int stripe, ShardSet wanted)
    {
        (Stripe, Wanted) = (stripe, wanted);
        _existing = layout.ShardsOf(stripe);
        _needed = layout.DataChunksOf(stripe);
        _chunks = new ChunkBuffer?[layout.ShardCount];
    }

    public int Stripe { get; }

    /// <summary>The data shards that the caller is after.</summary>
    public ShardSet Wanted { get; }

    /// <summary>Completes with whether the stripe can be had.</summary>
    public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ShardSet Arrived => _arrived;

    public ShardSet Missing => _missing;

    public int Needed => _needed;

    public ChunkBuffer? this[int shard] => _chunks[shard];

    /// <summary>The chunks to ask for now: at the start the wanted ones, later as many more as have turned out missing.</summary>
    public ShardSet Ask()
    {
        ShardSet ask = Wanted.Without(_asked);
        // Once a wanted chunk is missing, any k of the stripe are what it takes.
        if (!Wanted.And(_missing).IsEmpty)
        {
            int short_ = _needed - _asked.Or(ask).Without(_missing).Count;
            foreach (int shard in _existing.Without(_asked).Without(ask))
            {
                if (short_-- <= 0) break;
                ask = ask.With(shard);
            }
        }
        _asked = _asked.Or(ask);
        return ask;
    }

    /// <summary>Wanted chunks are late: any k of the stripe will do from now on. The chunks to ask for in their place.</summary>
    public ShardSet Hedge()
    {
        IsHedged = true;
        int late = Wanted.Without(_arrived).Without(_missing).Count;
        ShardSet ask = ShardSet.Empty;
        foreach (int shard in _existing.Without(_asked))
        {
            if (late-- <= 0) break;
            ask = ask.With(shard);
        }
        _asked = _asked.Or(ask);
        return ask;
    }

    /// <summary>A verified chunk has come; the stripe owns its buffer now.</summary>
    public void Arrive(ChunkBuffer chunk)
    {
        int shard = chunk.Index.Shard;
        if (_arrived.Contains(shard))
        {
            chunk.Dispose();
            return;
        }
        _chunks[shard] = chunk;
        _arrived = _arrived.With(shard);
    }

    /// <summary>The chunk can't be had, or came with another hash than the manifest's.</summary>
    public void Miss(int shard) => _missing = _missing.With(shard);

    /// <summary>All that was wanted is there, or enough to rebuild it.</summary>
    public bool IsComplete => Wanted.Without(_arrived).IsEmpty || ((IsHedged || !Wanted.And(_missing).IsEmpty) && _arrived.Count >= _needed);

    /// <summary>Whether others were asked for because some are late.</summary>
    public bool IsHedged { get; private set; }

    /// <summary>Too few chunks are left.</summary>
    public bool IsLost => _existing.Without(_missing).Count < _needed && !Wanted.And(_missing).IsEmpty;

    /// <summary>Puts a rebuilt chunk in its place.</summary>
    public void Place(ChunkBuffer chunk) => _chunks[chunk.Index.Shard] = chunk;

    public void Release()
    {
        foreach (ChunkBuffer? chunk in _chunks) chunk?.Dispose();
    }
}
