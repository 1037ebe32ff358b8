using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Grains.Files;
using ChunkStream.Grains.Sessions;
using ChunkStream.Grains.State;
using ChunkStream.Grains.Transfers;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains.Catalog;

/// <summary>
/// Compares the catalogue with the stored states, both ways. A row is wrong where its revision isn't its state's; the grain is then woken
/// and writes it anew. Grains write their state first and their row afterwards, so a row that is behind may only be on its way, and telling
/// the grain once more does no harm; a row that is ahead can't be, unless the states are those of an older backup.
/// <para>Sessions have no rows; one whose transfer was never written, because its creation was interrupted, is deleted after a day.</para>
/// </summary>
internal sealed partial class CatalogCheck(CatalogStore catalog, StateScan states, IGrainFactory grains, TimeProvider time, ILogger<CatalogCheck> logger)
{
    private const int PageSize = 256;

    // Longer than any creation takes.
    private static readonly TimeSpan StrayAfter = TimeSpan.FromDays(1);

    public async Task<CatalogReport> RunAsync(CancellationToken cancellationToken)
    {
        CatalogReport report = new(0, 0, 0, 0);
        report = await CompareAsync<TransferRecord>(report, "transfer", "transfers", record => record.Revision,
            id => grains.GetGrain<ITransferMaintenance>(id).WakeAsync(), cancellationToken);
        report = await CompareAsync<FileRecord>(report, "file", "files", record => record.Revision,
            id => grains.GetGrain<IFileMaintenance>(id).WakeAsync(), cancellationToken);
        report = await RemoveStraySessionsAsync(report, cancellationToken);
        if (report.Mended > 0 || report.Removed > 0 || report.Unreadable > 0) LogMended(logger, report.Compared, report.Mended, report.Removed, report.Unreadable);
        return report;
    }

    private async Task<CatalogReport> CompareAsync<T>(
        CatalogReport report, string type, string table, Func<T, long> revisionOf, Func<Guid, Task> wake, CancellationToken cancellationToken)
        where T : class
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

    private async Task<CatalogReport> RemoveStraySessionsAsync(CatalogReport report, CancellationToken cancellationToken)
    {
        for (IReadOnlyList<StoredRow> page = await states.PageAsync("session", null, PageSize); page.Count > 0; page = await states.PageAsync("session", page[^1].Id, PageSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<(Guid Id, SessionRecord Record)> old = [];
            foreach (StoredRow state in page)
            {
                if (Read<SessionRecord>("session", state) is not { } record) report = report with { Unreadable = report.Unreadable + 1 };
                else if (record.CreatedAt < time.GetUtcNow() - StrayAfter) old.Add((state.Id, record));
            }
            IReadOnlyDictionary<Guid, long> known = await catalog.RevisionsAsync("transfers", [.. old.Select(session => session.Record.TransferId)]);
            foreach (var (id, record) in old)
            {
                if (known.ContainsKey(record.TransferId) || await states.FindAsync("transfer", record.TransferId) is not null) continue;
                ISessionGrain session = grains.GetGrain<ISessionGrain>(id);
                if (!record.HasEnded) await session.SetStatusAsync(SessionStatus.Failed);
                if ((await session.DeleteAsync()).IsOk) report = report with { Removed = report.Removed + 1 };
            }
        }
        return report;
    }

    private long? Revision<T>(string type, StoredRow state, Func<T, long> revisionOf) where T : class =>
        Read<T>(type, state) is { } record ? revisionOf(record) : null;

    private T? Read<T>(string type, StoredRow state) where T : class
    {
        try
        {
            return states.Read<T>(state.Payload);
        }
        catch (Exception exception)
        {
            LogUnreadable(logger, exception, type, state.Id);
            return null;
        }
    }
}
