using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;
using ChunkStream.Transport.Buffers;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Assembly;

/// <summary>
/// Reads a stored file through: its manifest against the digest that the file grain recorded, every chunk against the manifest.
/// Rebuilds what is bad. Where no copy of the manifest is good, chunks are judged by the hashes beside them, and these make the
/// manifest again, if they make the one that was recorded.
/// </summary>
internal sealed partial class FileScrubber(IShardStore store, StripeRebuilder rebuilder, ILogger<FileScrubber> logger)
{
    /// <summary>What a scrub may hold in chunk buffers while stripes are rebuilt on all cores: 128 MiB, or two stripes where these are more.</summary>
    private const long BufferBytes = 128L << 20;

    public async Task<Outcome<HealthReport>> VerifyAsync(StoredFile file, CancellationToken cancellationToken)
    {
        try
        {
            await using IShardFiles files = await store.OpenAsync(
                file.Id, file.Layout, [.. file.Homes.Select(home => home.VolumeId)], cancellationToken).ConfigureAwait(false);
            await using ManifestCopies manifest = await ManifestCopies.OpenAsync(files, file, cancellationToken).ConfigureAwait(false);
            HealthReport report = await VerifyChunksAsync(files, manifest, cancellationToken).ConfigureAwait(false);
            if (report.RebuiltChunks > 0) await files.FlushAsync(cancellationToken).ConfigureAwait(false);
            return report with { Manifest = await manifest.RepairAsync(cancellationToken).ConfigureAwait(false), ManifestProblem = manifest.Problem };
        }
        catch (StoreException exception)
        {
            return new Failure(exception.Code, exception.Message);
        }
        catch (IOException exception)
        {
            return new Failure(FailureCode.StoreFailed, exception.Message);
        }
    }

    private async Task<HealthReport> VerifyChunksAsync(IShardFiles files, ManifestCopies manifest, CancellationToken cancellationToken)
    {
        FileLayout layout = files.Layout;
        var found = new BatchVerification(layout);
        long rebuilt = 0, lost = 0, lostBytes = 0;
        long stripeBytes = (long)layout.ShardCount * layout.ChunkBytes;
        int stripesAtOnce = (int)Math.Clamp(BufferBytes / stripeBytes, 2, Math.Max(2, Environment.ProcessorCount));
        using var buffers = new ChunkBufferPool(layout.ChunkBytes, stripesAtOnce * layout.ShardCount);
        await Parallel.ForEachAsync(
            manifest.StripesAsync(cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = stripesAtOnce, CancellationToken = cancellationToken },
            async (stripe, token) =>
            {
                ShardSet damaged = await rebuilder.FindDamagedAsync(files, stripe.Number, stripe.Digests, found, buffers, token).ConfigureAwait(false);
                if (damaged.IsEmpty) return;
                StripeRepair repair = await TryRebuildAsync(files, stripe, damaged, buffers, token).ConfigureAwait(false);
                Interlocked.Add(ref rebuilt, repair.RebuiltChunks);
                Interlocked.Add(ref lostBytes, repair.LostBytes);
                if (!repair.IsLost) return;
                Interlocked.Increment(ref lost);
                LogLost(stripe.Number, files.FileId);
            }).ConfigureAwait(false);
        if (!found.IsGood) LogBad(files.FileId, found);
        return new(found.CheckedChunks, found.FailedChunks, rebuilt, lost)
        {
            LostBytes = lostBytes,
            Bad = found.IsGood ? null : [.. found.Details.OrderBy(chunk => chunk.Index)],
        };
    }

    /// <summary>Where a volume isn't there or takes nothing, its chunks can't be written; the file may well be read without them.</summary>
    private async Task<StripeRepair> TryRebuildAsync(
        IShardFiles files, (int Number, Digest[]? Digests) stripe, ShardSet damaged, ChunkBufferPool buffers, CancellationToken cancellationToken)
    {
        try
        {
            return await rebuilder.RebuildAsync(files, stripe.Number, damaged, stripe.Digests, buffers, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException exception)
        {
            LogNotRebuilt(stripe.Number, files.FileId, exception.Message);
            return default;
        }
    }
}
