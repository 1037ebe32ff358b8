using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Grains.State;

namespace ChunkStream.Grains.Transfers;

/// <summary>
/// Not reentrant: a claim that asks the holder whether it still runs keeps every other claim waiting. The holder may be asked,
/// because a transfer grain is reentrant and answers while it waits for its own claim.
/// </summary>
[GrainType("chunkstream.transferkey")]
internal sealed class TransferKeyGrain : Grain, ITransferKeyGrain
{
    private readonly DurableState<TransferKeyRecord> _state;
    private Guid? _claimant;

    public TransferKeyGrain(DurableStates states) => _state = states.For<TransferKeyRecord>("transfer-key", this);

    public override Task OnActivateAsync(CancellationToken cancellationToken) => _state.LoadAsync();

    public async Task<Outcome<Guid>> ClaimAsync(Guid proposed)
    {
        if (_state.Failure is { } unreadable) return unreadable;
        if ((_claimant ?? _state.Value?.Holder) is { } holder && holder != proposed)
        {
            // A holder that ended without giving its key back was interrupted while it did.
            Outcome<bool> running = await GrainFactory.GetGrain<ITransferMaintenance>(holder).IsRunningAsync();
            if (!running.IsOk) return running.Failure!;
            if (running.Value) return holder;
        }
        _claimant = proposed;
        return proposed;
    }

    public async Task<Outcome<Guid>> HoldAsync(Guid transferId)
    {
        Outcome<Guid> claimed = await ClaimAsync(transferId);
        if (!claimed.IsOk || claimed.Value != transferId) return claimed;
        return await WriteAsync(transferId) is { } failure ? failure : transferId;
    }

    public async Task<Outcome<bool>> ReleaseAsync(Guid transferId)
    {
        if (_state.Failure is { } unreadable) return unreadable;
        bool claimed = _claimant == transferId;
        if (claimed) _claimant = null;
        if (_state.Value?.Holder != transferId) return claimed;
        return await WriteAsync(null) is { } failure ? failure : true;
    }

    private async Task<Core.Failures.Failure?> WriteAsync(Guid? transferId) =>
        (await _state.UpdateAsync(record =>
            record?.Holder == transferId ? record! : transferId is null ? DurableState<TransferKeyRecord>.Nothing : new TransferKeyRecord { Holder = transferId })).Failure;
}
