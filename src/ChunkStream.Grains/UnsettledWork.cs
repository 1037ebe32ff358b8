using ChunkStream.Grains.Catalog;
using ChunkStream.Grains.Files;
using ChunkStream.Grains.Transfers;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains;

/// <summary>
/// Wakes the grains that have work to do that no caller waits for: transfers that are completing or not settled, deleted files whose
/// chunks aren't dropped. At the silo's start, because nobody may ask for them after a restart, and now and then for what was
/// interrupted since. Waking a grain that is already at it changes nothing, so every silo may do this.
/// </summary>
internal sealed partial class UnsettledWork(CatalogStore catalog, IGrainFactory grains, TimeProvider time, ILogger<UnsettledWork> logger)
    : SiloTask
{
    private const int PageSize = 256;
    private const int AtOnce = 16;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await WakeAllAsync(catalog.UnsettledTransfersAsync, id => grains.GetGrain<ITransferMaintenance>(id).WakeAsync(), cancellationToken);
            await WakeAllAsync(catalog.UnsettledFilesAsync, id => grains.GetGrain<IFileMaintenance>(id).WakeAsync(), cancellationToken);
            await Task.Delay(Every, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WakeAllAsync(Func<Guid?, int, Task<List<Guid>>> nextPage, Func<Guid, Task> wake, CancellationToken cancellationToken)
    {
        try
        {
            Guid? after = null;
            while (await nextPage(after, PageSize) is { Count: > 0 } ids)
            {
                await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                    async (id, _) => await wake(id));
                after = ids[^1];
            }
        }
        catch (Exception exception)
        {
            // While the silo stops, calls fail in every way, and the next start wakes them anyway.
            if (!cancellationToken.IsCancellationRequested) LogNotWoken(logger, exception);
        }
    }
}
