using ChunkStream.Core.Erasure;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;
using ChunkStream.Transport.Buffers;

namespace ChunkStream.Gateway.Assembly;

/// <summary>Rebuilds the chunks of one stripe that are missing or bad from any k others, and writes them at their places.</summary>
internal sealed class StripeRebuilder(GatewayMetrics metrics)
{
    /// <summary>Reads and verifies every chunk of the stripe and rebuilds the bad ones. Otherwise as <see cref="RebuildAsync"/>.</summary>
    public async Task<StripeRepair> RepairAsync(IShardFiles files, int stripe, ChunkBufferPool buffers, CancellationToken cancellationToken)
    {
        ShardSet damaged = ShardSet.Empty;
        foreach (int shard in files.Layout.ShardsOf(stripe))
        {
            using ChunkBuffer buffer = await RentAsync(files.Layout, stripe, shard, buffers, cancellationToken).ConfigureAwait(false);
            ChunkRead read = await files.ReadAsync(buffer.Index, buffer.Payload, cancellationToken).ConfigureAwait(false);
            if (!read.IsGood) damaged = damaged.With(shard);
            if (read.Condition == ChunkCondition.Bad) metrics.VerifyFailed("rest");
        }
        if (damaged.IsEmpty) return default;
        StripeRepair repair = await RebuildAsync(files, stripe, damaged, buffers, cancellationToken).ConfigureAwait(false);
        return repair with { BadChunks = Math.Max(damaged.Count, repair.BadChunks) };
    }

    /// <summary>
    /// Reads what is needed of the stripe, rebuilds every chunk that is in <paramref name="suspect"/> or turns out bad on the way, and
    /// writes those. Not durable before the caller flushes. Holds k + m chunk buffers.
    /// </summary>
    /// <param name="files">The file's shards.</param>
    /// <param name="stripe">The stripe.</param>
    /// <param name="suspect">Chunks that aren't to be trusted, or not there.</param>
    /// <param name="buffers">Where the stripe's buffers come from; it must have k + m of them for this call alone.</param>
    /// <param name="cancellationToken">Leaves chunks either rebuilt or as they were.</param>
    public async Task<StripeRepair> RebuildAsync(
        IShardFiles files, int stripe, ShardSet suspect, ChunkBufferPool buffers, CancellationToken cancellationToken)
    {
        FileLayout layout = files.Layout;
        ShardSet existing = layout.ShardsOf(stripe);
        int needed = layout.DataChunksOf(stripe);
        var held = new ChunkBuffer?[layout.ShardCount];
        try
        {
            // Any k are enough, and the stripe's missing data chunks count as k's share: they are known to be zeros.
            ShardSet good = ShardSet.Empty, bad = suspect.And(existing);
            foreach (int shard in existing.Without(bad))
            {
                if (good.Count == needed) break;
                ChunkBuffer buffer = held[shard] = await RentAsync(layout, stripe, shard, buffers, cancellationToken).ConfigureAwait(false);
                ChunkRead read = await files.ReadAsync(buffer.Index, buffer.Payload, cancellationToken).ConfigureAwait(false);
                if (read.IsGood) good = good.With(shard);
                else
                {
                    if (read.Condition == ChunkCondition.Bad) metrics.VerifyFailed("rest");
                    bad = bad.With(shard);
                }
            }
            if (bad.IsEmpty) return default;
            if (good.Count < needed) return new(bad.Count, 0, IsLost: true);

            ShardSet padding = ShardSet.FirstShards(layout.DataShards).Without(existing);
            var shards = new Memory<byte>[layout.ShardCount];
            foreach (int shard in bad) held[shard] ??= await RentAsync(layout, stripe, shard, buffers, cancellationToken).ConfigureAwait(false);
            for (int shard = 0; shard < shards.Length; shard++) shards[shard] = held[shard]?.Payload ?? default;

            ErasureOutcome outcome = ReedSolomon.Create(layout.DataShards, layout.ParityShards)
                .Reconstruct(shards, good.Or(padding), bad, layout.ParityLength(stripe));
            if (!outcome.IsOk) throw new InvalidOperationException($"Stripe {stripe} could not be rebuilt: {outcome.Message}");

            foreach (int shard in bad)
            {
                ChunkBuffer buffer = held[shard]!;
                Digest hash = ChunkHash.Of(layout, buffer.Index, buffer.Payload.Span);
                await files.WriteAsync(buffer.Index, hash, buffer.Payload, cancellationToken).ConfigureAwait(false);
            }
            metrics.Rebuilt(bad.Count);
            return new(bad.Count, bad.Count, IsLost: false);
        }
        finally
        {
            foreach (ChunkBuffer? buffer in held) buffer?.Dispose();
        }
    }

    private static async ValueTask<ChunkBuffer> RentAsync(
        FileLayout layout, int stripe, int shard, ChunkBufferPool buffers, CancellationToken cancellationToken)
    {
        ChunkIndex index = new(stripe, shard);
        return (await buffers.RentAsync(cancellationToken).ConfigureAwait(false)).For(index, layout.LengthOf(index));
    }
}
