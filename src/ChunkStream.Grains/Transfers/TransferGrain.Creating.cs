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
/// Creation. Nothing is durable before everything that can be refused has been asked. Then the plan is written, in Transferring, and beside it
/// its session and its hold on the key, so that a client waits for the disk once. It is told when all three are there. What a crash leaves
/// out of them is added when the transfer is opened or activated again; an empty session without a transfer is found by
/// <see cref="Catalog.CatalogCheck"/>.
/// </summary>
internal sealed partial class TransferGrain
{
    // How often another holder of the key may end just as it is asked for its opening, before the client is told to come again.
    private const int ClaimTries = 3;

    private Task<Outcome<TransferOpening>>? _creation;

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
        while (_creation is Task creation)
            await creation.ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<Outcome<TransferOpening>> CreateNewAsync(TransferRequest request)
    {
        if (request.Direction is TransferDirection.Receive) return await CreateReceivingAsync(request);
        Outcome<FileLayout> layout = TransferRequestRules.LayoutOf(request);
        if (!layout.IsOk) return layout.Failure!;

        NewSession session = new(GrainFactory, Id, layout.Value!, _time);
        string? key = TransferRequestRules.KeyOf(request);
        if (key is not null && await FindRunningAsync(key, request) is { } running)
        {
            session.DiscardAsync().Ignore();
            return running;
        }
        Outcome<TransferRecord> begun = await EnterOwnerAsync(request.Owner, request.SizeBytes) is { } refused ? refused : await PlaceAsync();
        if (begun.IsOk)
        {
            // A file without bytes has all of its chunks.
            if (layout.Value!.ChunkCount == 0) await ChunksAreThereAsync();
            return await OpeningAsync(_state.Value!);
        }
        // A transfer whose write failed may be there all the same, and then needs its session.
        if (begun.Code is not FailureCode.StoreFailed) session.DiscardAsync().Ignore();
        LeaveOwner(request.Owner);
        if (key is not null) await GrainFactory.GetGrain<ITransferKeyGrain>(key).ReleaseAsync(Id);
        return begun.Failure!;

        async Task<Outcome<TransferRecord>> PlaceAsync()
        {
            Outcome<IReadOnlyList<ShardHome>> homes = await GrainFactory.Directory().PlaceAsync(layout.Value!);
            return homes.IsOk
                ? await BeginAsync(request, request.Name, Guid.CreateVersion7(_time.UtcNow()), session, homes.Value!,
                    record => record with { Key = key, DeclaredHash = request.ContentHash })
                : homes.Failure!;
        }
    }

    private async Task<Outcome<TransferOpening>> CreateReceivingAsync(TransferRequest request)
    {
        Outcome<StoredFile> found = await GrainFactory.GetGrain<IFileGrain>(request.FileId).GetAsync(request.Owner);
        if (found.Value is not { } file) return found.Failure!;
        if (await EnterOwnerAsync(request.Owner, sizeBytes: 0) is { } refused) return refused;
        NewSession session = new(GrainFactory, Id, file.Layout, _time);
        Outcome<TransferRecord> begun = await BeginAsync(request, file.Name, file.Id, session, file.Homes,
            record => record with { ContentHash = file.ContentHash, ManifestDigest = file.ManifestDigest });
        if (begun.IsOk) return await OpeningAsync(begun.Value!);
        LeaveOwner(request.Owner);
        return begun.Failure!;
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
        TransferRequest request, string name, Guid fileId, NewSession session, IReadOnlyList<ShardHome> homes, Func<TransferRecord, TransferRecord> complete)
    {
        DateTimeOffset now = _time.UtcNow();
        TransferRecord preparing = complete(new()
        {
            Revision = 1,
            Plan = new()
            {
                TransferId = Id,
                SessionId = session.Id,
                FileId = fileId,
                Direction = request.Direction,
                Owner = request.Owner,
                Name = name,
                Layout = session.Layout,
                Parity = request.Parity,
                Homes = homes,
            },
            State = TransferStateMachine.Next(TransferState.Idle, TransferEvent.Start).Value,
            Priority = request.Priority,
            CreatedAt = now,
            UpdatedAt = now,
        });
        Outcome<TransferRecord> next = preparing.After(TransferEvent.Start, now);
        Task<Outcome<Guid>> held = HoldKeyAsync(next.Value!);
        Outcome<TransferRecord> begun = await _state.UpdateAsync(_ => next);
        // Not before it is durable: what is listed can be asked for.
        if (begun.IsOk) await FollowAsync(preparing, begun.Value!);
        Outcome<Guid> holder = await held;
        Outcome<SessionInfo> opened = await session.OpenedAsync();
        if (!begun.IsOk) return begun;
        Failure? incomplete = holder.Failure ?? opened.Failure
            ?? (holder.Value == Id ? null : new(FailureCode.NotReady, $"Another transfer of '{name}' has just begun; try again."));
        if (incomplete is null) return begun;
        await FailAsync(incomplete);
        return incomplete;
    }

    private async Task<Outcome<Guid>> HoldKeyAsync(TransferRecord record) =>
        record.Key is { } key ? await GrainFactory.GetGrain<ITransferKeyGrain>(key).HoldAsync(Id) : Id;

    private async Task<Outcome<TransferOpening>> OpeningAsync(TransferRecord record)
    {
        TransferPlan plan = record.Plan;
        IReadOnlyList<string> gatewayIds = plan.Homes.GatewayIds();
        IReadOnlyList<GatewayInfo> gateways = await GrainFactory.Directory().FindAsync(gatewayIds);
        if (gateways.Count == 0) return new Failure(FailureCode.NoGateway, $"None of the transfer's gateways is there now: {string.Join(", ", gatewayIds)}.");
        Outcome<SessionInfo> session = await Session.OpenAsync(Id, plan.Layout);
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
