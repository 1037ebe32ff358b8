using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Grains.Catalog;
using ChunkStream.Grains.Transfers;
using Orleans.Concurrency;

namespace ChunkStream.Grains.Sessions;

/// <summary>Every transfer has one session, so the catalogue's transfers are the sessions too.</summary>
[StatelessWorker, Reentrant]
[GrainType("chunkstream.session-directory")]
internal sealed class SessionDirectoryGrain(CatalogStore catalog, TransferSurvey survey) : Grain, ISessionDirectoryGrain
{
    private const int MaxLimit = 1000;

    public async Task<Page<SessionSummary>> ListAsync(SessionQuery query)
    {
        int limit = Math.Clamp(query.Limit, 1, MaxLimit);
        TransferState?[] states = query.Status is null ? [null] : [.. SessionStatuses.StatesOf(query.Status).Cast<TransferState?>()];
        // A page of each state, of which the newest make the page.
        Page<TransferInfo>[] pages = await Task.WhenAll(states.Select(state =>
            catalog.ListTransfersAsync(new() { Owner = query.Owner, State = state, After = query.After, Limit = limit })));
        TransferInfo[] found = [.. pages.SelectMany(page => page.Items).OrderByDescending(transfer => transfer.Id.ToString("N"), StringComparer.Ordinal)];
        bool isLast = found.Length <= limit && pages.All(page => page.Next is null);
        SessionSummary[] items = [.. found.Take(limit).Select(Summarize)];
        return new(items, isLast ? null : new(items[^1].TransferId, null));
    }

    public Task<long> CountAsync(string owner, SessionStatus? status) => survey.CountAsync(owner, SessionStatuses.StatesOf(status));

    private static SessionSummary Summarize(TransferInfo transfer) => new()
    {
        Id = transfer.SessionId,
        TransferId = transfer.Id,
        Name = transfer.Name,
        Status = SessionStatuses.Of(transfer.State),
        TotalChunks = transfer.TotalChunks,
        CommittedChunks = transfer.CommittedChunks,
        CommittedBytes = transfer.CommittedBytes,
        CreatedAt = transfer.CreatedAt,
        UpdatedAt = transfer.UpdatedAt,
    };
}
