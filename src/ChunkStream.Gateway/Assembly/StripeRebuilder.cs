using ChunkStream.Core.Erasure;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;
using ChunkStream.Transport.Buffers;

namespace ChunkStream.Gateway.Assembly;

/// <summary>Rebuilds the chunks of one stripe that are missing or bad from any k others, and writes them at their places.</summary>
internal sealed class StripeRebuilder(GatewayMetrics metrics)
{
    /// <summary>Reads and verifies every chunk of the stripe; those that are missing or bad. Holds one chunk buffer.</summary>
    /// <param name="files">The file's shards.</param>
    /// <param name="stripe">The stripe.</param>
    /// <param name="manifest">The stripe's hashes by the manifest; null: chunks are judged by the hashes beside them.</param>
    /// <param name="found">Is told what was found of each chunk; null: nobody is.</param>
    /// <param name="buffers">Where the buffer comes from.</param>
    /// <param name="cancellationToken">Looked at between chunks.</param>
    public async Task<ShardSet> FindDamagedAsync(
        IShardFiles files, int stripe, Digest[]? manifest, BatchVerification? found, ChunkBufferPool buffers, CancellationToken cancellationToken)
    {
        ShardSet damaged = ShardSet.Empty;
        foreach (int shard in files.Layout.ShardsOf(stripe))
        {
            using ChunkBuffer buffer = await RentAsync(files.Layout, stripe, shard, buffers, cancellationToken).ConfigureAwait(false);
            ChunkVerification chunk = await ReadAsync(files, buffer, manifest, cancellationToken).ConfigureAwait(false);
            found?.Add(chunk);
            if (!chunk.IsGood) damaged = damaged.With(shard);
        }
        return damaged;
    }

    /// <summary>
    /// Reads what is needed of the stripe, rebuilds every chunk that is in <paramref name="suspect"/> or turns out bad on the way, and
    /// writes those. Not durable before the caller flushes. Holds k + m chunk buffers.
    /// </summary>
    /// <param name="files">The file's shards.</param>
    /// <param name="stripe">The stripe.</param>
    /// <param name="suspect">Chunks that aren't to be trusted, or not there.</param>
    /// <param name="manifest">The stripe's hashes by the manifest; null where there is none yet.</param>
    /// <param name="buffers">Where the stripe's buffers come from; it must have k + m of them for this call alone.</param>
    /// <param name="cancellationToken">Leaves chunks either rebuilt or as they were.</param>
    /// <param name="writeAsync">How a chunk is written that was never there; null: at its place, as one that was lost.</param>
    public async Task<StripeRepair> RebuildAsync(
        IShardFiles files, int stripe, ShardSet suspect, Digest[]? manifest, ChunkBufferPool buffers, CancellationToken cancellationToken,
        Func<ChunkIndex, Digest, ReadOnlyMemory<byte>, CancellationToken, ValueTask>? writeAsync = null)
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
                ChunkVerification chunk = await ReadAsync(files, buffer, manifest, cancellationToken).ConfigureAwait(false);
                if (chunk.IsGood) good = good.With(shard);
                else bad = bad.With(shard);
            }
            if (bad.IsEmpty) return default;
            StripeRepair lost = new(0, IsLost: true)
            {
                LostBytes = bad.And(ShardSet.FirstShards(layout.DataShards)).Sum(shard => layout.LengthOf(new(stripe, shard))),
            };
            if (good.Count < needed) return lost;

            ShardSet padding = ShardSet.FirstShards(layout.DataShards).Without(existing);
            var shards = new Memory<byte>[layout.ShardCount];
            foreach (int shard in bad) held[shard] ??= await RentAsync(layout, stripe, shard, buffers, cancellationToken).ConfigureAwait(false);
            for (int shard = 0; shard < shards.Length; shard++) shards[shard] = held[shard]?.Payload ?? default;

            ErasureOutcome outcome = ReedSolomon.Create(layout.DataShards, layout.ParityShards)
                .Reconstruct(shards, good.Or(padding), bad, layout.ParityLength(stripe));
            if (!outcome.IsOk) throw new InvalidOperationException($"Stripe {stripe} could not be rebuilt: {outcome.Message}");

            var hashes = new Digest[layout.ShardCount];
            foreach (int shard in bad)
            {
                hashes[shard] = ChunkHash.Of(layout, held[shard]!.Index, held[shard]!.Payload.Span);
                // Parity that a sender made wrongly has a good hash, and makes wrong chunks: none of them is written.
                if (manifest is not null && hashes[shard] != manifest[shard]) return lost;
            }
            foreach (int shard in bad) await (writeAsync ?? files.WriteAsync)(held[shard]!.Index, hashes[shard], held[shard]!.Payload, cancellationToken).ConfigureAwait(false);
            if (writeAsync is null) metrics.Rebuilt(bad.Count);
            return new(bad.Count, IsLost: false);
        }
        finally
        {
            foreach (ChunkBuffer? buffer in held) buffer?.Dispose();
        }
    }

    private async ValueTask<ChunkVerification> ReadAsync(
        IShardFiles files, ChunkBuffer buffer, Digest[]? manifest, CancellationToken cancellationToken)
    {
        ChunkRead read = await files.ReadAsync(buffer.Index, buffer.Payload, cancellationToken).ConfigureAwait(false);
        ChunkVerification chunk = manifest is null ? read.Chunk : read.Chunk.Against(in manifest[buffer.Index.Shard]);
        if (chunk.Finding is not (ChunkFinding.Good or ChunkFinding.Missing)) metrics.VerifyFailed("rest");
        return chunk;
    }

    private static async ValueTask<ChunkBuffer> RentAsync(
        FileLayout layout, int stripe, int shard, ChunkBufferPool buffers, CancellationToken cancellationToken)
    {
        ChunkIndex index = new(stripe, shard);
        return (await buffers.RentAsync(cancellationToken).ConfigureAwait(false)).For(index, layout.LengthOf(index));
    }
}
