using ChunkStream.Abstractions.Catalog;
using ChunkStream.Grains.Files;
using ChunkStream.Grains.State;
using ChunkStream.Grains.Transfers;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains.Catalog;

/// <summary>
/// Compares the catalogue with the stored states, both ways. A row is wrong where its revision isn't its state's; the grain is then woken
/// and writes it anew. Grains write their state first and their row afterwards, so a row that is behind may only be on its way, and telling
/// the grain once more does no harm; a row that is ahead can't be, unless the states are those of an older backup.
/// </summary>
internal sealed partial class CatalogCheck(CatalogStore catalog, StateScan states, IGrainFactory grains, ILogger<CatalogCheck> logger)
{
    private const int PageSize = 256;

    public async Task<CatalogReport> RunAsync(CancellationToken cancellationToken)
    {
        CatalogReport report = new(0, 0, 0, 0);
        report = await CompareAsync<TransferRecord>(report, "transfer", "transfers", record => record.Revision,
            id => grains.GetGrain<ITransferMaintenance>(id).WakeAsync(), cancellationToken);
        report = await CompareAsync<FileRecord>(report, "file", "files", record => record.Revision,
            id => grains.GetGrain<IFileMaintenance>(id).WakeAsync(), cancellationToken);
        if (report.Mended > 0 || report.Removed > 0 || report.Unreadable > 0) LogMended(logger, report.Compared, report.Mended, report.Removed, report.Unreadable);
        return report;
    }

    private async Task<CatalogReport> CompareAsync<T>(
        CatalogReport report, string type, string table, Func<T, long> revisionOf, Func<Guid, Task> wake, CancellationToken cancellationToken)
    {
        for (IReadOnlyList<StoredRow> page = await states.PageAsync(type, null, PageSize); page.Count > 0; page = await states.PageAsync(type, page[^1].Id, PageSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyDictionary<Guid, long> rows = await catalog.RevisionsAsync(table, [.. page.Select(state => state.Id)]);
            foreach (StoredRow state in page)
            {
                report = report with { Compared = report.Compared + 1 };
                if (Revision(type, state, revisionOf) is not { } revision) report = report with { Unreadable = report.Unreadable + 1 };
                else if (!rows.TryGetValue(state.Id, out long known) || known != revision) report = await MendAsync(report, known, state.Id);
            }
        }
        return await RemoveOrphansAsync(report, type, table, cancellationToken);

        async Task<CatalogReport> MendAsync(CatalogReport before, long known, Guid id)
        {
            // Read again: the state may have moved on since, and its row with it.
            if (await states.FindAsync(type, id) is not { } payload) return before;
            if (Revision(type, new(id, payload), revisionOf) < known) await catalog.RemoveAsync(table, id);
            await wake(id);
            return before with { Mended = before.Mended + 1 };
        }
    }

    private async Task<CatalogReport> RemoveOrphansAsync(CatalogReport report, string type, string table, CancellationToken cancellationToken)
    {
        for (List<Guid> ids = await catalog.IdsAsync(table, null, PageSize); ids.Count > 0; ids = await catalog.IdsAsync(table, ids[^1], PageSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (Guid id in ids)
            {
                if (await states.FindAsync(type, id) is not null) continue;
                await catalog.RemoveAsync(table, id);
                report = report with { Removed = report.Removed + 1 };
            }
        }
        return report;
    }

    private long? Revision<T>(string type, StoredRow state, Func<T, long> revisionOf)
    {
        try
        {
            return revisionOf(states.Read<T>(state.Payload));
        }
        catch (Exception exception)
        {
            LogUnreadable(logger, exception, type, state.Id);
            return null;
        }
    }
}
