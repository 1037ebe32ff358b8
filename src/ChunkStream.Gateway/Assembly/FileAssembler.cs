using System.Runtime.CompilerServices;
using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;
using ChunkStream.Transport.Buffers;

namespace ChunkStream.Gateway.Assembly;

/// <summary>
/// Step 8 of 8, complete. From <see cref="Ingest.GroupCommit"/>, to the transfer grain, which compares the hash and only then says
/// Completed. Rebuilds what was never committed, merges the data chunks' values to the file's BLAKE3 without reading the file again,
/// writes the manifest, and flushes all of it.
/// </summary>
internal sealed class FileAssembler(IShardStore store, StripeRebuilder rebuilder)
{
    // Hashes are read from the sidecars so many stripes at a time: 8 KiB a shard.
    private const int StripesAtOnce = 256;

    public async Task<Outcome<AssemblyReport>> AssembleAsync(TransferPlan plan, ChunkSet committed, CancellationToken cancellationToken)
    {
        FileLayout layout = plan.Layout;
        try
        {
            await using IShardFiles files = await store.CreateAsync(
                plan.FileId, layout, [.. plan.Homes.Select(home => home.VolumeId)], cancellationToken).ConfigureAwait(false);

            Outcome<long> rebuilt = await RebuildMissingAsync(files, committed, cancellationToken).ConfigureAwait(false);
            if (rebuilt.Failure is { } lost) return lost;
            await files.FlushAsync(cancellationToken).ConfigureAwait(false);

            Digest contentHash = await MergeAsync(files, cancellationToken).ConfigureAwait(false);
            Digest manifestDigest = await WriteManifestAsync(files, contentHash, cancellationToken).ConfigureAwait(false);
            return new AssemblyReport(contentHash, manifestDigest, rebuilt.Value);
        }
        catch (StoreException exception)
        {
            return new Failure(exception.Code, exception.Message);
        }
    }

    private async Task<Outcome<long>> RebuildMissingAsync(IShardFiles files, ChunkSet committed, CancellationToken cancellationToken)
    {
        FileLayout layout = files.Layout;
        // Two stripes at once: one is read while the other is coded.
        using var buffers = new ChunkBufferPool(layout.ChunkBytes, 2 * layout.ShardCount);
        long rebuilt = 0;
        int lostStripe = -1;
        await Parallel.ForEachAsync(
            IncompleteStripesAsync(files, committed, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
            async (incomplete, token) =>
            {
                if (Volatile.Read(ref lostStripe) >= 0) return;
                StripeRepair repair = await rebuilder.RebuildAsync(files, incomplete.Stripe, incomplete.Missing, manifest: null, buffers, token).ConfigureAwait(false);
                if (repair.IsLost) Volatile.Write(ref lostStripe, incomplete.Stripe);
                Interlocked.Add(ref rebuilt, repair.RebuiltChunks);
            }).ConfigureAwait(false);
        if (lostStripe < 0) return rebuilt;
        return new Failure(
            FailureCode.ChunksMissing,
            $"Stripe {lostStripe} has {committed.ShardsOf(lostStripe).Count} of its {layout.ShardsOf(lostStripe).Count} chunks; {layout.DataChunksOf(lostStripe)} good ones are needed.");
    }

    // What was never committed, and what was and has lost its shard file since.
    private static async IAsyncEnumerable<(int Stripe, ShardSet Missing)> IncompleteStripesAsync(
        IShardFiles files, ChunkSet committed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FileLayout layout = files.Layout;
        await foreach (var (stripe, digests) in ReadHashesAsync(files, cancellationToken).ConfigureAwait(false))
        {
            ShardSet missing = layout.ShardsOf(stripe).Without(committed.ShardsOf(stripe));
            foreach (int shard in layout.ShardsOf(stripe))
                if (digests[shard].IsZero) missing = missing.With(shard);
            if (!missing.IsEmpty) yield return (stripe, missing);
        }
    }

    private static async Task<Digest> MergeAsync(IShardFiles files, CancellationToken cancellationToken)
    {
        FileLayout layout = files.Layout;
        if (layout.IsEmpty) return Blake3.Hash([]);
        var merger = new SubtreeMerger(layout.SizeBytes, layout.ChunkBytes);
        await foreach (var (stripe, digests) in ReadHashesAsync(files, cancellationToken).ConfigureAwait(false))
        {
            for (int shard = 0; shard < layout.DataChunksOf(stripe); shard++)
                merger.Add((long)stripe * layout.DataShards + shard, digests[shard]);
        }
        return merger.Root();
    }

    /// <summary>Writes the manifest of the hashes that are kept beside the chunks, and answers its digest.</summary>
    /// <param name="files">The file's shards.</param>
    /// <param name="contentHash">The file's hash.</param>
    /// <param name="cancellationToken">Leaves the manifest that was there.</param>
    /// <param name="expected">The digest that it must have; null where it has none yet.</param>
    /// <exception cref="InvalidDataException">It would have another digest; the one that was there is left.</exception>
    public static async Task<Digest> WriteManifestAsync(
        IShardFiles files, Digest contentHash, CancellationToken cancellationToken, Digest? expected = null)
    {
        Digest manifestDigest = default;
        await files.WriteManifestAsync(
            async (stream, token) =>
            {
                var writer = new ManifestWriter(stream, new(files.FileId, files.Layout, contentHash));
                await foreach (var (_, digests) in ReadHashesAsync(files, token).ConfigureAwait(false))
                    await writer.WriteStripeAsync(digests, token).ConfigureAwait(false);
                manifestDigest = await writer.CompleteAsync(token).ConfigureAwait(false);
                if (expected is { } digest && digest != manifestDigest)
                    throw new InvalidDataException($"The kept hashes make a manifest with the digest {manifestDigest}, not {digest}.");
            },
            cancellationToken).ConfigureAwait(false);
        return manifestDigest;
    }

    /// <summary>Every stripe's hashes by shard, in order. The array is used again for the next stripe.</summary>
    private static async IAsyncEnumerable<(int Stripe, Digest[] Digests)> ReadHashesAsync(
        IShardFiles files, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FileLayout layout = files.Layout;
        var columns = new Digest[layout.ShardCount][];
        for (int shard = 0; shard < columns.Length; shard++) columns[shard] = new Digest[StripesAtOnce];
        var row = new Digest[layout.ShardCount];
        for (int first = 0; first < layout.StripeCount; first += StripesAtOnce)
        {
            int count = Math.Min(StripesAtOnce, layout.StripeCount - first);
            for (int shard = 0; shard < columns.Length; shard++)
            {
                int chunks = Math.Clamp(layout.ChunksInShard(shard) - first, 0, count);
                columns[shard].AsSpan(chunks).Clear();
                if (chunks > 0) await files.ReadHashesAsync(shard, first, columns[shard].AsMemory(0, chunks), cancellationToken).ConfigureAwait(false);
            }
            for (int i = 0; i < count; i++)
            {
                for (int shard = 0; shard < row.Length; shard++) row[shard] = columns[shard][i];
                yield return (first + i, row);
            }
        }
    }
}
