using ChunkStream.Abstractions.Sessions;
using ChunkStream.Core.Layout;
using ChunkStream.Grains.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace ChunkStream.Benchmarks.Grains;

/// <summary>What a session of a 1 TiB file takes in the database: sent in order, and in the order that leaves the most gaps.</summary>
internal static class StateSizeBench
{
    public static IReadOnlyList<BenchRow> Run()
    {
        FileLayout layout = new(1L << 40, FileLayout.MaxChunkBytes, 10, 3);
        ChunkSet inOrder = new(layout.ShardCount), worst = new(layout.ShardCount);
        for (int shard = 0; shard < layout.ShardCount; shard++)
        {
            // Paths of different speed leave shards at different stripes.
            inOrder[shard].Add(0, layout.ChunksInShard(shard) / 2 + shard * 7);
            for (int stripe = shard & 1; stripe < layout.ChunksInShard(shard); stripe += 2) worst.Add(new ChunkIndex(stripe, shard));
        }
        return
        [
            Row("session of 1 TiB in chunks of 1 MiB, in order", layout, inOrder, new(layout.ShardCount), goalKiB: 16),
            Row("session of 1 TiB in chunks of 1 MiB, every other chunk committed and every other failed", layout, worst, worst, goalKiB: 1024),
        ];
    }

    private static BenchRow Row(string name, FileLayout layout, ChunkSet committed, ChunkSet failed, double goalKiB)
    {
        using ServiceProvider services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        OrleansGrainStorageSerializer serializer = new(services.GetRequiredService<Serializer>());
        double kib = serializer.Serialize(new SessionRecord
        {
            TransferId = Guid.CreateVersion7(),
            Status = SessionStatus.Active,
            Layout = layout,
            Committed = committed,
            Failed = failed,
            CreatedAt = DateTimeOffset.UtcNow,
            UpdatedAt = DateTimeOffset.UtcNow,
        }).ToMemory().Length / 1024.0;
        return new(name, kib, "KiB", Goal: goalKiB, Met: kib < goalKiB);
    }
}
