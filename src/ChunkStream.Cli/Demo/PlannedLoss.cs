using ChunkStream.Core.Layout;

namespace ChunkStream.Cli.Demo;

/// <summary>
/// Loses as many chunks of every stripe as its parity can replace, in each stripe others: the lost shards move on by their number
/// from stripe to stripe. Where the last stripe has fewer chunks, those that don't exist count as lost too, so no stripe loses more.
/// </summary>
internal sealed class PlannedLoss(int dataShards, int parityShards)
{
    private readonly Lock _lock = new();
    private readonly HashSet<ChunkIndex> _lost = [];

    /// <summary>How many different chunks were lost.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _lost.Count;
        }
    }

    public bool IsLost(ChunkIndex index)
    {
        int shards = dataShards + parityShards;
        int place = (int)(((long)index.Shard - (long)index.Stripe * parityShards % shards + shards) % shards);
        if (place >= parityShards) return false;
        lock (_lock) _lost.Add(index);
        return true;
    }
}
