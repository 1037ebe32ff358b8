using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;
using ChunkStream.Transport.Buffers;

namespace ChunkStream.Gateway.Assembly;

/// <summary>Reads a stored file through, verifies every chunk, and rebuilds what is bad.</summary>
internal sealed class FileScrubber(IShardStore store, StripeRebuilder rebuilder)
{
    /// <summary>What a scrub may hold in chunk buffers while stripes are rebuilt on all cores: 128 MiB, or two stripes where these are more.</summary>
    private const long BufferBytes = 128L << 20;

    public async Task<Outcome<HealthReport>> VerifyAsync(StoredFile file, CancellationToken cancellationToken)
    {
        FileLayout layout = file.Layout;
        long bad = 0, rebuilt = 0, lost = 0;
        try
        {
            await using IShardFiles files = await store.OpenAsync(
                file.Id, layout, [.. file.Homes.Select(home => home.VolumeId)], cancellationToken).ConfigureAwait(false);
            long stripeBytes = (long)layout.ShardCount * layout.ChunkBytes;
            int stripesAtOnce = (int)Math.Clamp(BufferBytes / stripeBytes, 2, Math.Max(2, Environment.ProcessorCount));
            using var buffers = new ChunkBufferPool(layout.ChunkBytes, stripesAtOnce * layout.ShardCount);
            await Parallel.ForEachAsync(
                Enumerable.Range(0, layout.StripeCount),
                new ParallelOptions { MaxDegreeOfParallelism = stripesAtOnce, CancellationToken = cancellationToken },
                async (stripe, token) =>
                {
                    StripeRepair repair = await rebuilder.RepairAsync(files, stripe, buffers, token).ConfigureAwait(false);
                    Interlocked.Add(ref bad, repair.BadChunks);
                    Interlocked.Add(ref rebuilt, repair.RebuiltChunks);
                    if (repair.IsLost) Interlocked.Increment(ref lost);
                }).ConfigureAwait(false);
            if (rebuilt > 0) await files.FlushAsync(cancellationToken).ConfigureAwait(false);
            return new HealthReport(layout.ChunkCount, bad, rebuilt, lost);
        }
        catch (StoreException exception)
        {
            return new Failure(exception.Code, exception.Message);
        }
    }
}
