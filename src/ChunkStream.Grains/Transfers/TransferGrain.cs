using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Tickets;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Grains.Catalog;
using ChunkStream.Grains.Gateways;
using ChunkStream.Grains.Sessions;
using ChunkStream.Grains.State;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace ChunkStream.Grains.Transfers;

/// <summary>
/// One transfer's plan and state machine. Reentrant: a pause doesn't wait for an assembly. What a command means is decided when its
/// turn to be written has come (<see cref="DurableState{T}"/>), by <see cref="TransferStateMachine"/>; what follows from it (the
/// session's status, closed lanes, the catalogue) is done after the new state is durable, is idempotent, and is done again when
/// the grain is activated, so that a crash in between leaves nothing behind.
/// <para>This part answers commands. Creation, the work behind the last states, and what happens while nobody asks are in parts of their own.</para>
/// </summary>
[Reentrant]
[GrainType("chunkstream.transfer")]
internal sealed partial class TransferGrain : Grain, ITransferGrain, ITransferMaintenance, IDisposable
{
    // A command is told to the gateways before it is answered, but doesn't wait longer than this for one that is in trouble.
    private static readonly TimeSpan TellGatewaysWithin = TimeSpan.FromSeconds(1);
    private const int MaxFailureMessageChars = 1024;

    private readonly DurableState<TransferRecord> _state;
    private readonly CatalogStore _catalog;
    private readonly TransferSurvey _survey;
    private readonly TransferOptions _options;
    private readonly TicketAuthority _tickets;
    private readonly TimeProvider _time;
    private readonly ILogger<TransferGrain> _logger;
    private readonly BackgroundWork _work;
    private TransferState? _counted;
    private Task _repair = Task.CompletedTask;

    public TransferGrain(
        DurableStates states, CatalogStore catalog, TransferSurvey survey, TransferOptions options, TicketAuthority tickets, TimeProvider time,
        ILogger<TransferGrain> logger)
    {
        _state = states.For<TransferRecord>("transfer", this);
        (_catalog, _survey, _options, _tickets, _time, _logger) = (catalog, survey, options, tickets, time, logger);
        _work = new(() => _state is { Failure: null, Value.HasWork: true }, EndingStepAsync, OnEndingDelayed, time);
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _state.LoadAsync();
        if (_state.Value is not { } record) return;
        Count(record.State);
        _repair = RepairAsync();
        _work.Start();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Count(null);
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _work.Dispose();

    public async Task<Outcome<TransferOpening>> OpenAsync(string owner)
    {
        await CreationAsync();
        Outcome<TransferRecord> owned = Owned(owner);
        if (owned.Value is not { } record) return owned.Failure!;
        owned = record.State is TransferState.Preparing ? await MoveAsync(TransferEvent.Start) : await RecoverAsync(owned);
        if (!owned.IsOk) return owned.Failure!;
        record = owned.Value!;
        return record.State.HasEnded() ? NotOpen(record) : await OpeningAsync(record);
    }

    public async Task<Outcome<TransferInfo>> GetAsync(string owner)
    {
        Outcome<TransferRecord> owned = Owned(owner);
        if (owned.Value is not { } record) return owned.Failure!;
        // Without its session nobody knows how far a transfer has come: that is said, and not that it is at the beginning.
        Outcome<SessionInfo> session = await ProgressAsync(record);
        return session.Failure is { Code: not FailureCode.NotFound } unreadable && !record.State.HasEnded() ? unreadable : Describe(record, session.Value);
    }

    public async Task<Outcome<TransferAdmission>> AdmitAsync()
    {
        await CreationAsync();
        Outcome<TransferRecord> found = await RecoverAsync(Found);
        return found.Value switch
        {
            null => found.Failure!,
            { State: TransferState.Transferring } record => new TransferAdmission(record.Plan, record.Priority),
            { State: TransferState.Paused } => new Failure(FailureCode.Paused, $"The transfer {Id} is paused."),
            { State: TransferState.Idle or TransferState.Preparing } => new Failure(FailureCode.NotReady, $"The transfer {Id} is being prepared."),
            { } record => NotOpen(record),
        };
    }

    public async Task<Outcome<TransferState>> NetworkFailedAsync(FailureCode code, string message)
    {
        if (ReasonOf(code, message) is not { } cause) return NoReason(code);
        Outcome<TransferRecord> found = Found;
        if (found.IsOk) found = await MoveAsync(record => record.After(TransferEvent.NetworkFailure, _time.UtcNow(), cause));
        return found.IsOk ? found.Value!.State : found.Failure!;
    }

    public Task<Outcome<TransferInfo>> PauseAsync(string owner) => CommandAsync(owner, TransferEvent.Pause);

    public async Task<Outcome<TransferInfo>> ResumeAsync(string owner)
    {
        Outcome<TransferInfo> resumed = await CommandAsync(owner, TransferEvent.Resume);
        // Its last chunks may have been recorded while it was paused.
        if (resumed.IsOk) await ChunksAreThereAsync();
        return resumed;
    }

    public async Task<Outcome<TransferInfo>> SetPriorityAsync(string owner, TransferPriority priority)
    {
        if (!Enum.IsDefined(priority)) return new Failure(FailureCode.InvalidRequest, $"The priority is high, normal or low, not {priority}.");
        Outcome<TransferRecord> owned = Owned(owner);
        if (!owned.IsOk) return owned.Failure!;
        DateTimeOffset now = _time.UtcNow();
        Outcome<TransferRecord> set = await _state.UpdateAsync(record =>
            record!.Priority == priority ? record
            : record.State.HasEnded() ? NotOpen(record)
            : record with { Revision = record.Revision + 1, Priority = priority, UpdatedAt = now });
        if (!set.IsOk) return set.Failure!;
        await TellPriorityAsync();
        await SaveToCatalogueAsync();
        return await InfoAsync(set.Value!);
    }

    public async Task<Outcome<TransferInfo>> CancelAsync(string owner)
    {
        Outcome<TransferRecord> owned = Owned(owner);
        return owned.IsOk ? await ToInfoAsync(await FailAsync(new(FailureCode.Cancelled, "The transfer was cancelled."))) : owned.Failure!;
    }

    public async Task<Outcome<TransferInfo>> FailAsync(string owner, FailureCode code, string message)
    {
        if (ReasonOf(code, message) is not { } cause) return NoReason(code);
        Outcome<TransferRecord> owned = Owned(owner);
        if (!owned.IsOk) return owned.Failure!;
        if (cause.Blame is not Blame.Path) return await ToInfoAsync(await FailAsync(cause));
        owned = await MoveAsync(record => record.After(TransferEvent.NetworkFailure, _time.UtcNow(), cause));
        // A gateway may not have seen yet that its lanes lead nowhere.
        if (owned.Value is { PausedByNetwork: true } lost) await CloseLanesAsync(cause.Code, lost);
        return await ToInfoAsync(owned);
    }

    public async Task<Outcome<TransferInfo>> CompleteAsync(string owner, Digest contentHash)
    {
        Outcome<TransferRecord> owned = await RecoverAsync(Owned(owner));
        if (owned.Value is not { } record) return owned.Failure!;

        if (record.State is TransferState.Completing or TransferState.Completed)
        {
            if (record.ContentHash == contentHash) return await InfoAsync(record);
            return new Failure(FailureCode.Conflict, $"The transfer is {record.State} with the hash {record.ContentHash}, not {contentHash}.");
        }
        if (record.After(TransferEvent.TransferComplete, _time.UtcNow()).Failure is { } refusal) return refusal;
        return await ToInfoAsync(record.Plan.Direction is TransferDirection.Send
            ? await CompleteSendingAsync(record, contentHash)
            : await CompleteReceivingAsync(record, contentHash));
    }

    public async Task<Outcome<bool>> IsRunningAsync()
    {
        if (_state.Failure is { } unreadable) return unreadable;
        await Task.CompletedTask;
        return _creation is not null || _state.Value is { } record && !record.State.HasEnded();
    }

    public Task WakeAsync()
    {
        _work.Start();
        // Woken with nothing to do: the catalogue believes otherwise.
        return _state.Value is { HasWork: false } ? SaveToCatalogueAsync() : Task.CompletedTask;
    }

    private Guid Id => this.GetPrimaryKey();

    private ISessionGrain Session => GrainFactory.GetGrain<ISessionGrain>(_state.Value!.Plan.SessionId);

    private Failure NotFound => new(FailureCode.NotFound, $"There is no transfer {Id}.");

    private Failure NotOpen(TransferRecord record) => new(FailureCode.TransferNotOpen, record.FailureMessage is null
        ? $"The transfer {Id} is {record.State}."
        : $"The transfer {Id} is {record.State}: {record.FailureMessage}");

    private Outcome<TransferRecord> Found => _state.Failure is { } unreadable ? unreadable : _state.Value is { } record ? record : NotFound;

    private Outcome<TransferRecord> Owned(string owner) => Found is { Value: { } record } && record.Plan.Owner != owner ? NotFound : Found;

    private static Failure? ReasonOf(FailureCode code, string message) => code is FailureCode.None || !Enum.IsDefined(code)
        ? null
        : new(code, message.Length > MaxFailureMessageChars ? message[..MaxFailureMessageChars] : message);

    private static Failure NoReason(FailureCode code) => new(FailureCode.InvalidRequest, $"{(int)code} is no reason to fail.");

    // The client is there again: what the network stopped goes on.
    private async Task<Outcome<TransferRecord>> RecoverAsync(Outcome<TransferRecord> found) =>
        found.Value is { PausedByNetwork: true } ? await MoveAsync(TransferEvent.NetworkRecovered) : found;

    private async Task<Outcome<TransferInfo>> CommandAsync(string owner, TransferEvent command)
    {
        Outcome<TransferRecord> owned = Owned(owner);
        return owned.IsOk ? await ToInfoAsync(await MoveAsync(command)) : owned.Failure!;
    }

    private Task<Outcome<TransferRecord>> MoveAsync(TransferEvent transferEvent) =>
        MoveAsync(record => record.After(transferEvent, _time.UtcNow()));

    private Task<Outcome<TransferRecord>> FailAsync(Failure cause) =>
        MoveAsync(record => record.After(TransferEvent.Cancel, _time.UtcNow(), cause));

    /// <summary>Moves the record, durably, and has everything follow that must. The record must exist.</summary>
    private async Task<Outcome<TransferRecord>> MoveAsync(Func<TransferRecord, Outcome<TransferRecord>> move)
    {
        // First the catalogue, then the state: whatever a crash leaves behind, the grain is woken to look at it.
        if (_state.Value is { } current && move(current).Value is { HasWork: true } && !current.HasWork) await SaveToCatalogueAsync(willHaveWork: true);

        TransferRecord? before = null;
        Outcome<TransferRecord> moved = await _state.UpdateAsync(record =>
        {
            before = record!;
            return move(record!);
        });
        if (moved.Value is { } after && !ReferenceEquals(after, before)) await FollowAsync(before!, after);
        return moved;
    }

    private async Task FollowAsync(TransferRecord before, TransferRecord after)
    {
        Count(after.State);
        if (before.State != after.State) LogMoved(_logger, Id, before.State, after.State, after.FailureCode);
        TransferDirection direction = after.Plan.Direction;
        switch (after.State)
        {
            case TransferState.Transferring when before.State is TransferState.Preparing:
                GrainMetrics.Started(direction);
                break;
            case TransferState.Completed when before.State is not TransferState.Completed:
                GrainMetrics.Completed(direction);
                break;
            case TransferState.Failed when before.State is not TransferState.Failed:
                GrainMetrics.Failed(direction, after.FailureCode);
                break;
            // The gateway that has lost the last lane waits for this answer: it has none to close.
            case TransferState.Paused when after.PausedByNetwork:
                await UpdateSessionAsync();
                break;
            case TransferState.Paused:
                await Task.WhenAll(UpdateSessionAsync(), CloseLanesAsync(FailureCode.Paused, after));
                break;
            case TransferState.Transferring when before.State is TransferState.Paused:
                await UpdateSessionAsync();
                break;
        }
        if (after.State.HasEnded() && !before.State.HasEnded()) LeaveOwner(after.Plan.Owner);
        await SaveToCatalogueAsync();
        if (after.HasWork) _work.Restart();
    }

    // Tells the session the state as it is now, so that of two commands in quick succession the last one wins.
    private async Task UpdateSessionAsync()
    {
        SessionStatus status = SessionStatuses.Of(_state.Value!.State);
        Outcome<SessionInfo> set = await Session.SetStatusAsync(status);
        if (!set.IsOk) LogSessionNotUpdated(_logger, Id, status, set.Failure!);
    }

    private async Task CloseLanesAsync(FailureCode code, TransferRecord record)
    {
        try
        {
            await GrainFactory.CloseLanesAsync(Id, code, record.Plan.Homes).WaitAsync(TellGatewaysWithin, _time);
        }
        catch (TimeoutException)
        {
            LogLanesNotClosed(_logger, Id, TellGatewaysWithin);
        }
    }

    // Tells the priority as it is now. A gateway that can't be told learns it from the transfer's next lane.
    private async Task TellPriorityAsync()
    {
        try
        {
            await GrainFactory.SetPriorityAsync(Id, _state.Value!.Priority, _state.Value.Plan.Homes).WaitAsync(TellGatewaysWithin, _time);
        }
        catch (TimeoutException)
        {
            LogPriorityNotTold(_logger, Id, TellGatewaysWithin);
        }
    }

    private async Task RepairAsync()
    {
        // A session that was never told, a key that isn't held; one that has only been opened needs no telling.
        try
        {
            if (_state.Value is { } record && !record.State.HasEnded()) await HoldKeyAsync(record);
            if (_state.Value is { State: TransferState.Paused }) await UpdateSessionAsync();
            await ChunksAreThereAsync();
        }
        catch (Exception exception)
        {
            LogNotRepaired(_logger, exception, Id);
        }
        await SaveToCatalogueAsync();
    }

    // The catalogue follows the state. What it misses is repaired by the next change, or when the grain is activated again.
    private async Task SaveToCatalogueAsync(bool willHaveWork = false)
    {
        try
        {
            if (_state.Value is not { } record) return;
            await _catalog.SaveTransferAsync(await InfoAsync(record), record.Revision, unsettled: willHaveWork || record.HasWork);
        }
        catch (Exception exception)
        {
            LogCatalogueFailed(_logger, exception, Id);
        }
    }

    private void Count(TransferState? state)
    {
        GrainMetrics.Moved(_counted, state);
        _counted = state;
    }

    private async Task<Outcome<TransferInfo>> ToInfoAsync(Outcome<TransferRecord> outcome) =>
        outcome.IsOk ? await InfoAsync(outcome.Value!) : outcome.Failure!;

    private async Task<TransferInfo> InfoAsync(TransferRecord record) => Describe(record, (await ProgressAsync(record)).Value);

    // Null where the progress is known without the session.
    private async Task<Outcome<SessionInfo>> ProgressAsync(TransferRecord record) =>
        record.Plan.Direction is TransferDirection.Send && record.State is not TransferState.Completed ? await Session.GetAsync() : default;

    private TransferInfo Describe(TransferRecord record, SessionInfo? session)
    {
        FileLayout layout = record.Plan.Layout;
        // A complete file has every chunk, whether it was sent or rebuilt.
        (long chunks, long bytes) = (record.Plan.Direction, record.State) is (TransferDirection.Send, TransferState.Completed)
            ? (layout.ChunkCount, layout.StoredBytes)
            : (session?.Committed.Count ?? 0, session?.Committed.BytesIn(layout) ?? 0);
        return new()
        {
            Id = Id,
            SessionId = record.Plan.SessionId,
            FileId = record.Plan.FileId,
            Direction = record.Plan.Direction,
            State = record.State,
            Owner = record.Plan.Owner,
            Name = record.Plan.Name,
            SizeBytes = layout.SizeBytes,
            ChunkBytes = layout.ChunkBytes,
            DataShards = layout.DataShards,
            ParityShards = layout.ParityShards,
            Priority = record.Priority,
            CreatedAt = record.CreatedAt,
            UpdatedAt = record.UpdatedAt,
            TotalChunks = layout.ChunkCount,
            CommittedChunks = chunks,
            CommittedBytes = bytes,
            ContentHash = record.ContentHash,
            FailureCode = record.FailureCode,
            FailureMessage = record.FailureMessage,
            RebuiltChunks = record.RebuiltChunks,
            Failures = record.Failures,
        };
    }
}
