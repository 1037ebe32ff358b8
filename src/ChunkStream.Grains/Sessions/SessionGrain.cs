using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Grains.Catalog;
using ChunkStream.Grains.State;
using ChunkStream.Grains.Transfers;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace ChunkStream.Grains.Sessions;

/// <summary>
/// Reentrant, so that batches which come while a write is under way share the next one: see <see cref="DurableState{T}"/>. Until
/// then they lie in one set, which is copied and merged once a write, however many they were.
/// </summary>
[Reentrant]
[GrainType("chunkstream.session")]
internal sealed partial class SessionGrain : Grain, ISessionGrain
{
    // How old the progress may be that a listing shows. What the grains themselves answer is never old.
    private static readonly TimeSpan CatalogueEvery = TimeSpan.FromSeconds(5);

    private readonly DurableState<SessionRecord> _state;
    private readonly CatalogStore _catalog;
    private readonly TimeProvider _time;
    private readonly ILogger<SessionGrain> _logger;
    private ChunkSet? _newlyCommitted;
    private ChunkSet? _newlyFailed;
    private long _catalogueWritten;
    private bool _writingCatalogue;
    private bool _toldData;
    private bool _toldAll;

    public SessionGrain(DurableStates states, CatalogStore catalog, TimeProvider time, ILogger<SessionGrain> logger)
    {
        _state = states.For<SessionRecord>("session", this);
        (_catalog, _time, _logger) = (catalog, time, logger);
        _catalogueWritten = time.GetTimestamp();
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken) => _state.LoadAsync();

    public async Task<Outcome<SessionInfo>> OpenAsync(Guid transferId, FileLayout layout)
    {
        DateTimeOffset now = _time.UtcNow();
        Outcome<SessionRecord> opened = await _state.UpdateAsync(record =>
        {
            if (record is null)
                return new SessionRecord
                {
                    TransferId = transferId,
                    Status = SessionStatus.Initializing,
                    Layout = layout,
                    Committed = new(layout.ShardCount),
                    Failed = new(layout.ShardCount),
                    CreatedAt = now,
                    UpdatedAt = now,
                };
            return record.TransferId == transferId && record.Layout == layout
                ? record
                : new Failure(FailureCode.Conflict, $"Session {Id} belongs to another transfer or another layout.");
        });
        return opened.IsOk ? Describe(opened.Value!) : opened.Failure!;
    }

    public Task<Outcome<SessionInfo>> GetAsync() =>
        Task.FromResult<Outcome<SessionInfo>>(Unavailable is { } failure ? failure : Describe(_state.Value!));

    public Task<Outcome<bool>> ExistsAsync() => Task.FromResult<Outcome<bool>>(_state.Failure is { } unreadable ? unreadable : _state.Value is not null);

    public async Task<Outcome<bool>> DeleteAsync()
    {
        Outcome<SessionRecord> deleted = await _state.UpdateAsync(record => record is null or { HasEnded: true }
            ? DurableState<SessionRecord>.Nothing
            : new Failure(FailureCode.Conflict, $"Session {Id} is {record.Status}; only one that has ended can be deleted."));
        if (!deleted.IsOk) return deleted.Failure!;
        DeactivateOnIdle();
        return true;
    }

    public async Task<Outcome<SessionStatus>> RecordCommittedAsync(ChunkSet chunks)
    {
        if (Refuse(chunks) is { } refusal) return refusal;
        if (_newlyCommitted is null) _newlyCommitted = chunks.Clone();
        else _newlyCommitted.Add(chunks);

        Outcome<SessionRecord> written = await _state.UpdateAsync(MergeNewlyCommitted);
        if (!written.IsOk) return written.Failure!;
        TellWhenAllIsThere(written.Value!);
        UpdateCatalogue();
        return written.Value!.Status;
    }

    public async Task<Outcome<SessionStatus>> RecordFailedAsync(ChunkSet chunks)
    {
        if (Refuse(chunks) is { } refusal) return refusal;
        if (_newlyFailed is null) _newlyFailed = chunks.Clone();
        else _newlyFailed.Add(chunks);

        Outcome<SessionRecord> written = await _state.UpdateAsync(MergeNewlyFailed);
        return written.IsOk ? written.Value!.Status : written.Failure!;
    }

    public async Task<Outcome<SessionInfo>> SetStatusAsync(SessionStatus status)
    {
        if (Unavailable is { } unavailable) return unavailable;
        DateTimeOffset now = _time.UtcNow();
        Outcome<SessionRecord> set = await _state.UpdateAsync(record =>
        {
            if (record!.Status == status) return record;
            if (record.HasEnded) return new Failure(FailureCode.InvalidTransition, $"Session {Id} is {record.Status} and can't become {status}.");
            return record with { Status = status, UpdatedAt = now };
        });
        return set.IsOk ? Describe(set.Value!) : set.Failure!;
    }

    private Guid Id => this.GetPrimaryKey();

    private Failure? Unavailable =>
        _state.Failure ?? (_state.Value is null ? new Failure(FailureCode.NotFound, $"There is no session {Id}.") : null);

    // Chunks come from gateways, which check them too; what is recorded here is believed for ever, so it is checked where it enters.
    private Failure? Refuse(ChunkSet chunks)
    {
        if (Unavailable is { } unavailable) return unavailable;
        FileLayout layout = _state.Value!.Layout;
        if (chunks.ShardCount != layout.ShardCount)
            return new(FailureCode.ChunkOutsideLayout, $"The batch is for {chunks.ShardCount} shards; the file has {layout.ShardCount}.");
        for (int shard = 0; shard < layout.ShardCount; shard++)
        {
            int chunksInShard = layout.ChunksInShard(shard);
            if (!chunks[shard].IsEmpty && chunks[shard].ToBounds()[^1] is int end && end > chunksInShard)
                return new(FailureCode.ChunkOutsideLayout, $"The batch has stripe {end - 1} of shard {shard}, which has {chunksInShard} chunks.");
        }
        return null;
    }

    private Outcome<SessionRecord> MergeNewlyCommitted(SessionRecord? record)
    {
        // The first of the changes that share a write takes the batches of all.
        if (_newlyCommitted is not { } chunks) return record!;
        _newlyCommitted = null;
        if (record!.HasEnded) return record;
        ChunkSet committed = record.Committed.Clone();
        long added = committed.Add(chunks);
        if (added == 0) return record;
        GrainMetrics.Committed(added);
        // The first chunks end the beginning; a pause stays one.
        SessionStatus status = record.Status is SessionStatus.Initializing ? SessionStatus.Active : record.Status;
        return record with { Status = status, Committed = committed, UpdatedAt = _time.UtcNow() };
    }

    private Outcome<SessionRecord> MergeNewlyFailed(SessionRecord? record)
    {
        if (_newlyFailed is not { } chunks) return record!;
        _newlyFailed = null;
        if (record!.HasEnded) return record;
        ChunkSet failed = record.Failed.Clone();
        return failed.Add(chunks) == 0 ? record : record with { Failed = failed, UpdatedAt = _time.UtcNow() };
    }

    // The last data chunk, or the last chunk of all, is committed: the transfer may be one that completes by itself. Told once an
    // activation; a transfer that missed it looks for itself when it is activated or resumed.
    private void TellWhenAllIsThere(SessionRecord record)
    {
        bool hasAll = record.Committed.Count == record.Layout.ChunkCount;
        bool hasData = hasAll || record.Committed.HasAllData(record.Layout);
        if (!hasData || (hasAll ? _toldAll : _toldData)) return;
        (_toldData, _toldAll) = (true, hasAll);
        GrainFactory.GetGrain<ITransferMaintenance>(record.TransferId).ChunksAreThereAsync().Ignore();
    }

    private void UpdateCatalogue()
    {
        if (_writingCatalogue || _time.GetElapsedTime(_catalogueWritten) < CatalogueEvery) return;
        UpdateCatalogueAsync(_state.Value!).Ignore();
    }

    private async Task UpdateCatalogueAsync(SessionRecord record)
    {
        _writingCatalogue = true;
        try
        {
            await _catalog.SaveProgressAsync(record.TransferId, record.Committed.Count, record.Committed.BytesIn(record.Layout));
        }
        catch (Exception exception)
        {
            // A listing is older than it should be; the next batch tries again.
            LogCatalogueFailed(_logger, exception, Id);
        }
        _catalogueWritten = _time.GetTimestamp();
        _writingCatalogue = false;
    }

    private SessionInfo Describe(SessionRecord record)
    {
        string? because = record.Status switch
        {
            SessionStatus.Completed => "The file is complete.",
            SessionStatus.Failed => "The transfer has failed.",
            _ => null,
        };
        return new()
        {
            Id = Id,
            TransferId = record.TransferId,
            Status = record.Status,
            Layout = record.Layout,
            Committed = record.Committed,
            // One that was sent again and arrived has failed no more.
            Failed = record.Failed.Without(record.Committed),
            CreatedAt = record.CreatedAt,
            UpdatedAt = record.UpdatedAt,
            IsResumable = because is null,
            NotResumableBecause = because,
        };
    }
}
