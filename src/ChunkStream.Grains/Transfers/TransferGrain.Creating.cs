using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Tickets;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Grains.Gateways;

namespace ChunkStream.Grains.Transfers;

/// <summary>
/// Creation. Nothing is written before everything that can be refused has been asked; then the plan is durable in Preparing, the
/// session is opened, and the transfer starts. A crash in between leaves a transfer in Preparing, which whoever opens it finishes.
/// </summary>
internal sealed partial class TransferGrain
{
    // How often another holder of the key may end just as it is asked for its opening, before the client is told to come again.
    private const int ClaimTries = 3;

    private Task<Outcome<TransferOpening>>? _creation;
    private Task<Outcome<TransferRecord>>? _preparation;

    public async Task<Outcome<TransferOpening>> CreateAsync(TransferRequest request)
    {
        if (_state.Failure is { } unreadable) return unreadable;
        if (TransferRequestRules.Check(request) is { } invalid) return invalid;
        await CreationAsync();
        if (_state.Value is { } record)
        {
            if (record.Plan.Owner != request.Owner) return NotFound;
            return IsSame(record.Plan, request)
                ? await OpenAsync(request.Owner)
                : new Failure(FailureCode.Conflict, $"The transfer {Id} exists and is another one: {record.Plan.Direction} '{record.Plan.Name}'.");
        }
        _creation = CreateNewAsync(request);
        try
        {
            return await _creation;
        }
        finally
        {
            _creation = null;
        }
    }

    /// <summary>Waits for a creation that is under way: until it is done the transfer neither exists nor doesn't.</summary>
    private async Task CreationAsync()
    {
        while (_state.Value is null && _creation is Task creation)
            await creation.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<Outcome<TransferOpening>> CreateNewAsync(TransferRequest request)
    {
        if (request.Direction is TransferDirection.Receive) return await CreateReceivingAsync(request);
        Outcome<FileLayout> layout = TransferRequestRules.LayoutOf(request);
        if (!layout.IsOk) return layout.Failure!;

        string? key = TransferRequestRules.KeyOf(request);
        if (key is not null && await FindRunningAsync(key, request) is { } running) return running;

        Outcome<TransferRecord> prepared = await EnterOwnerAsync(request.Owner, request.SizeBytes) is { } refused ? refused : await PlaceAsync();
        if (prepared.IsOk)
        {
            // A file without bytes has all of its chunks.
            if (layout.Value!.ChunkCount == 0) await ChunksAreThereAsync();
            return await OpeningAsync(_state.Value!);
        }
        // A plan that is written keeps its key and its place: it may still start. Otherwise nothing remains.
        if (_state.Value is not null) return prepared.Failure!;
        LeaveOwner(request.Owner);
        if (key is not null) await GrainFactory.GetGrain<ITransferKeyGrain>(key).ReleaseAsync(Id);
        return prepared.Failure!;

        async Task<Outcome<TransferRecord>> PlaceAsync()
        {
            Outcome<IReadOnlyList<ShardHome>> homes = await GrainFactory.Directory().PlaceAsync(layout.Value!);
            return homes.IsOk
                ? await BeginAsync(request, request.Name, Guid.CreateVersion7(_time.UtcNow()), layout.Value!, homes.Value!,
                    record => record with { Key = key, DeclaredHash = request.ContentHash })
                : homes.Failure!;
        }
    }

    private async Task<Outcome<TransferOpening>> CreateReceivingAsync(TransferRequest request)
    {
        Outcome<StoredFile> found = await GrainFactory.GetGrain<IFileGrain>(request.FileId).GetAsync(request.Owner);
        if (found.Value is not { } file) return found.Failure!;
        if (await EnterOwnerAsync(request.Owner, sizeBytes: 0) is { } refused) return refused;
        Outcome<TransferRecord> prepared = await BeginAsync(request, file.Name, file.Id, file.Layout, file.Homes,
            record => record with { ContentHash = file.ContentHash, ManifestDigest = file.ManifestDigest });
        if (_state.Value is null) LeaveOwner(request.Owner);
        return prepared.IsOk ? await OpeningAsync(prepared.Value!) : prepared.Failure!;
    }

    /// <summary>Takes a place among the owner's running transfers; null where there is one, or the limit that was reached.</summary>
    private async Task<Failure?> EnterOwnerAsync(string owner, long sizeBytes) =>
        _options.HasLimits ? (await GrainFactory.GetGrain<IOwnerLimits>(owner).EnterAsync(Id, sizeBytes)).Failure : null;

    // Not waited for: what it misses is mended when the limit is reached.
    private void LeaveOwner(string owner)
    {
        if (_options.HasLimits) GrainFactory.GetGrain<IOwnerLimits>(owner).LeaveAsync(Id).Ignore();
    }

    /// <summary>Claims the key, or answers the running transfer that holds it. Null: the key is ours.</summary>
    private async Task<Outcome<TransferOpening>?> FindRunningAsync(string key, TransferRequest request)
    {
        for (int tried = 0; tried < ClaimTries; tried++)
        {
            Outcome<Guid> holder = await GrainFactory.GetGrain<ITransferKeyGrain>(key).ClaimAsync(Id);
            if (!holder.IsOk) return holder.Failure!;
            if (holder.Value == Id) return null;

            Outcome<TransferOpening> opening = await GrainFactory.GetGrain<ITransferGrain>(holder.Value).OpenAsync(request.Owner);
            if (opening.Value is { } existing)
                return existing.Plan.Layout.SizeBytes == request.SizeBytes
                    ? existing with { Existing = true }
                    : new Failure(FailureCode.Conflict, $"The running transfer {holder.Value} of '{request.Name}' has the same fingerprint and {existing.Plan.Layout.SizeBytes} bytes, not {request.SizeBytes}.");
            // It ended, or came to nothing, between the two answers: the key is free again.
            if (opening.Code is not (FailureCode.NotFound or FailureCode.TransferNotOpen)) return opening.Failure!;
        }
        return new Failure(FailureCode.NotReady, $"Another transfer of '{request.Name}' is just ending; try again.");
    }

    private async Task<Outcome<TransferRecord>> BeginAsync(
        TransferRequest request, string name, Guid fileId, FileLayout layout, IReadOnlyList<ShardHome> homes, Func<TransferRecord, TransferRecord> complete)
    {
        DateTimeOffset now = _time.UtcNow();
        TransferRecord begun = complete(new()
        {
            Revision = 1,
            Plan = new()
            {
                TransferId = Id,
                SessionId = Guid.CreateVersion7(now),
                FileId = fileId,
                Direction = request.Direction,
                Owner = request.Owner,
                Name = name,
                Layout = layout,
                Parity = request.Parity,
                Homes = homes,
            },
            State = TransferStateMachine.Next(TransferState.Idle, TransferEvent.Start).Value,
            Priority = request.Priority,
            CreatedAt = now,
            UpdatedAt = now,
        });
        Outcome<TransferRecord> written = await _state.UpdateAsync(record => record ?? begun);
        if (!written.IsOk) return written;
        Count(written.Value!.State);
        return await PrepareAsync();
    }

    /// <summary>Opens the session of a transfer in Preparing and starts it; whoever comes meanwhile waits for the same.</summary>
    private async Task<Outcome<TransferRecord>> PrepareAsync()
    {
        _preparation ??= PrepareOnceAsync();
        try
        {
            return await _preparation;
        }
        finally
        {
            _preparation = null;
        }

        async Task<Outcome<TransferRecord>> PrepareOnceAsync()
        {
            Outcome<SessionInfo> session = await Session.OpenAsync(Id, _state.Value!.Plan.Layout);
            return session.IsOk ? await MoveAsync(TransferEvent.Start) : session.Failure!;
        }
    }

    private async Task<Outcome<TransferOpening>> OpeningAsync(TransferRecord record)
    {
        TransferPlan plan = record.Plan;
        IReadOnlyList<string> gatewayIds = plan.Homes.GatewayIds();
        IReadOnlyList<GatewayInfo> gateways = await GrainFactory.Directory().FindAsync(gatewayIds);
        if (gateways.Count == 0) return new Failure(FailureCode.NoGateway, $"None of the transfer's gateways is there now: {string.Join(", ", gatewayIds)}.");
        Outcome<SessionInfo> session = await Session.GetAsync();
        if (!session.IsOk) return session.Failure!;

        bool sends = plan.Direction is TransferDirection.Send;
        (string ticket, DateTimeOffset expiresAt) = _tickets.Issue(Id, plan.FileId, sends ? TicketScope.Send : TicketScope.Receive);
        return new TransferOpening
        {
            Transfer = await InfoAsync(record),
            Plan = plan,
            Gateways = [.. gateways.Select(gateway => gateway.Address)],
            Ticket = ticket,
            TicketExpiresAt = expiresAt,
            Committed = session.Value!.Committed,
            ContentHash = sends ? null : record.ContentHash,
            ManifestDigest = record.ManifestDigest,
        };
    }

    private static bool IsSame(TransferPlan plan, TransferRequest request) => plan.Direction == request.Direction && (
        plan.Direction is TransferDirection.Receive
            ? plan.FileId == request.FileId
            : plan.Name == request.Name && plan.Layout.SizeBytes == request.SizeBytes);
}
