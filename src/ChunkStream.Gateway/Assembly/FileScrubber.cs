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
    public async Task<Outcome<HealthReport>> VerifyAsync(StoredFile file, CancellationToken cancellationToken)
    {
        FileLayout layout = file.Layout;
        long bad = 0, rebuilt = 0, lost = 0;
        try
        {
            await using IShardFiles files = await store.OpenAsync(
                file.Id, layout, [.. file.Homes.Select(home => home.VolumeId)], cancellationToken).ConfigureAwait(false);
            using var buffers = new ChunkBufferPool(layout.ChunkBytes, 2 * layout.ShardCount);
            await Parallel.ForEachAsync(
                Enumerable.Range(0, layout.StripeCount),
                new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
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
