using ChunkStream.Core.Layout;
using CsCheck;

namespace ChunkStream.Tests.Core.Layout;

/// <summary>Chunks and sets of chunks of a layout.</summary>
internal static class Layouts
{
    /// <summary>Every chunk that exists, in ascending order.</summary>
    public static ChunkIndex[] ChunksOf(FileLayout layout) =>
    [
        .. from stripe in Enumerable.Range(0, layout.StripeCount)
           from shard in layout.ShardsOf(stripe)
           select new ChunkIndex(stripe, shard),
    ];

    /// <summary>Random sets of chunks that exist, from none to all.</summary>
    public static Gen<ChunkSet> SetOf(FileLayout layout)
    {
        ChunkIndex[] chunks = ChunksOf(layout);
        return from share in Gen.Int[0, 100]
               from picks in Gen.Int[0, 99].Array[chunks.Length]
               select SetOf(layout.ShardCount, chunks.Where((_, i) => picks[i] < share));
    }

    public static ChunkSet SetOf(int shardCount, params IEnumerable<ChunkIndex> chunks)
    {
        var set = new ChunkSet(shardCount);
        foreach (ChunkIndex index in chunks) set.Add(index);
        return set;
    }

    public static IEnumerable<ChunkIndex> Members(ChunkSet chunks) =>
        from shard in Enumerable.Range(0, chunks.ShardCount)
        from interval in chunks[shard].Intervals()
        from stripe in Enumerable.Range(interval.Start, interval.End - interval.Start)
        select new ChunkIndex(stripe, shard);
}
