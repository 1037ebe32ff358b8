using System.Threading.Channels;
using ChunkStream.Abstractions.Files;
using ChunkStream.Core.Layout;
using ChunkStream.Gateway.Assembly;
using ChunkStream.Storage;
using ChunkStream.Transport.Buffers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Serving;

/// <summary>
/// Rebuilds stripes in which a read found a bad chunk, in the background. At most <see cref="Capacity"/> stripes wait; more are left
/// to the next read or to a scrub, which find them again.
/// </summary>
internal sealed partial class StripeRepairer(IShardStore store, StripeRebuilder rebuilder, ILogger<StripeRepairer> logger) : BackgroundService
{
    public const int Capacity = 4096;

    private readonly Lock _lock = new();
    private readonly HashSet<(Guid FileId, int Stripe)> _waiting = [];
    private readonly Channel<(StoredFile File, int Stripe)> _stripes =
        Channel.CreateBounded<(StoredFile, int)>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    /// <summary>Has a stripe repaired, if it doesn't wait for that already.</summary>
    public void Enqueue(StoredFile file, int stripe)
    {
        lock (_lock)
        {
            if (!_waiting.Add((file.Id, stripe))) return;
            if (!_stripes.Writer.TryWrite((file, stripe))) _waiting.Remove((file.Id, stripe));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await WaitAsync(stoppingToken).ConfigureAwait(false))
        {
            // Stripes of one file that wait in a row share an opening and a flush.
            var batch = new List<int>();
            StoredFile? file = null;
            while (_stripes.Reader.TryPeek(out var next) && (file is null || file.Id == next.File.Id) && batch.Count < 64)
            {
                _stripes.Reader.TryRead(out next);
                file = next.File;
                batch.Add(next.Stripe);
            }
            if (file is not null) await RepairAsync(file, batch, stoppingToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> WaitAsync(CancellationToken stoppingToken)
    {
        try
        {
            return await _stripes.Reader.WaitToReadAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // A host that never got to run stops this service too, and would take an exception for a fault of it.
            return false;
        }
    }

    private async Task RepairAsync(StoredFile file, List<int> stripes, CancellationToken cancellationToken)
    {
        try
        {
            await using IShardFiles files = await store.OpenAsync(
                file.Id, file.Layout, [.. file.Homes.Select(home => home.VolumeId)], cancellationToken).ConfigureAwait(false);
            await using ManifestCopies manifest = await ManifestCopies.OpenAsync(files, file, cancellationToken).ConfigureAwait(false);
            using var buffers = new ChunkBufferPool(file.Layout.ChunkBytes, file.Layout.ShardCount);
            long rebuilt = 0;
            HashSet<int> left = [.. stripes];
            await foreach (var (stripe, digests) in manifest.StripesAsync(cancellationToken).ConfigureAwait(false))
            {
                if (left.Count == 0) break;
                if (!left.Remove(stripe)) continue;
                ShardSet damaged = await rebuilder.FindDamagedAsync(files, stripe, digests, found: null, buffers, cancellationToken).ConfigureAwait(false);
                if (damaged.IsEmpty) continue;
                StripeRepair repair = await rebuilder.RebuildAsync(files, stripe, damaged, digests, buffers, cancellationToken).ConfigureAwait(false);
                rebuilt += repair.RebuiltChunks;
                if (repair.IsLost) LogLost(stripe, file.Id);
            }
            // Another read's repair may have been sooner.
            if (rebuilt == 0) return;
            await files.FlushAsync(cancellationToken).ConfigureAwait(false);
            LogRepaired(rebuilt, stripes.Count, file.Id);
        }
        catch (Exception exception) when (exception is StoreException or IOException or InvalidOperationException)
        {
            LogNotRepaired(stripes.Count, file.Id, exception.Message);
        }
        finally
        {
            lock (_lock)
                foreach (int stripe in stripes) _waiting.Remove((file.Id, stripe));
        }
    }
}
