using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Paths;
using ChunkStream.Transport.Bandwidth;
using ChunkStream.Transport.Paths;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Sdk.Receiving;

/// <summary>One call to read a range of a file into a stream, each byte verified against the manifest.</summary>
internal sealed class RangeReader(
    IControlPlane control, ChunkStreamClientOptions client, PathDialer dialer, SharedBandwidth shared, ManifestCache manifests,
    ILogger<RangeReader> logger, TimeProvider time)
{
    public async Task ReadAsync(Guid fileId, long offsetBytes, long lengthBytes, Stream destination, CancellationToken cancellationToken)
    {
        await using var headStart = new HeadStart(control, client, dialer, time, cancellationToken);
        Opening opening = await control.OpenFileAsync(fileId, cancellationToken).ConfigureAwait(false);
        if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes + lengthBytes > opening.Transfer.SizeBytes)
            throw new ChunkStreamException(FailureCode.RangeNotSatisfiable, $"The file has {opening.Transfer.SizeBytes} bytes; {lengthBytes} from {offsetBytes} on aren't there.");
        if (lengthBytes == 0) return;
        await using FileFetch fetch = await FileFetch.OpenAsync(
            opening, headStart, token => control.OpenFileAsync(fileId, token), manifests.PathOf(fileId), client, dialer, shared, logger, time, cancellationToken).ConfigureAwait(false);
        FileLayout layout = fetch.Layout;
        long end = offsetBytes + lengthBytes;
        await foreach (FetchedStripe stripe in fetch.FetchAsync(Stripes(layout, offsetBytes, end), cancellationToken).ConfigureAwait(false))
        {
            using (stripe)
            {
                foreach (int shard in stripe.Wanted)
                {
                    long chunkStart = layout.OffsetOf(new(stripe.Stripe, shard));
                    ReadOnlyMemory<byte> bytes = stripe[shard];
                    int from = (int)Math.Max(0, offsetBytes - chunkStart);
                    int to = (int)Math.Min(bytes.Length, end - chunkStart);
                    await destination.WriteAsync(bytes[from..to], cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Copies the file's manifest, checked.</summary>
    public async Task ReadManifestAsync(Guid fileId, Stream destination, CancellationToken cancellationToken)
    {
        await using var headStart = new HeadStart(control, client, dialer, time, cancellationToken);
        Opening opening = await control.OpenFileAsync(fileId, cancellationToken).ConfigureAwait(false);
        string path = manifests.PathOf(fileId);
        FileFetch fetch = await FileFetch.OpenAsync(
            opening, headStart, token => control.OpenFileAsync(fileId, token), path, client, dialer, shared, logger, time, cancellationToken).ConfigureAwait(false);
        await using (fetch.ConfigureAwait(false))
        {
            if (fetch.Manifest is null)
            {
                var empty = new Core.Integrity.Manifests.ManifestWriter(destination, new(fileId, fetch.Layout, opening.Blake3!.Value));
                await empty.CompleteAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
        }
        await using FileStream file = File.OpenRead(path);
        await file.CopyToAsync(destination, cancellationToken).ConfigureAwait(false);
    }

    private static IEnumerable<(int Stripe, ShardSet Wanted)> Stripes(FileLayout layout, long start, long end)
    {
        ChunkIndex first = layout.IndexAt(start), last = layout.IndexAt(end - 1);
        for (int stripe = first.Stripe; stripe <= last.Stripe; stripe++)
        {
            int from = stripe == first.Stripe ? first.Shard : 0;
            int to = stripe == last.Stripe ? last.Shard + 1 : layout.DataChunksOf(stripe);
            yield return (stripe, ShardSet.Range(from, to));
        }
    }
}
