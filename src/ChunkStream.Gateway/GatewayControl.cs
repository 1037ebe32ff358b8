using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Core.Scheduling;
using ChunkStream.Gateway.Assembly;
using ChunkStream.Gateway.Bandwidth;
using ChunkStream.Gateway.Handshake;
using ChunkStream.Gateway.Ingest;
using ChunkStream.Storage;
using Microsoft.Extensions.Hosting;

namespace ChunkStream.Gateway;

/// <summary>What grains ask of this gateway, handed to the parts that do it.</summary>
internal sealed class GatewayControl(
    TransferLanes lanes, IncomingFiles incoming, TransferShares shares, FileAssembler assembler, FileScrubber scrubber, IShardStore store,
    IHostApplicationLifetime lifetime) : IGatewayControl
{
    public async Task<Outcome<AssemblyReport>> AssembleAsync(TransferPlan plan, ChunkSet committed)
    {
        await incoming.CloseAsync(plan.TransferId, new(FailureCode.TransferNotOpen, "The transfer is completing.")).ConfigureAwait(false);
        return await assembler.AssembleAsync(plan, committed, lifetime.ApplicationStopping).ConfigureAwait(false);
    }

    public Task<Outcome<HealthReport>> VerifyAsync(StoredFile file) => scrubber.VerifyAsync(file, lifetime.ApplicationStopping);

    public Task DropAsync(Guid fileId) => store.DeleteAsync(fileId, lifetime.ApplicationStopping).AsTask();

    public async Task CloseLanesAsync(Guid transferId, FailureCode code)
    {
        Failure reason = new(code, $"The service has closed the transfer's lanes: {code.ToName()}.");
        // First no more bytes, then what was accepted of them is committed.
        await lanes.CloseAsync(transferId, reason).ConfigureAwait(false);
        await incoming.CloseAsync(transferId, reason).ConfigureAwait(false);
    }

    public Task<bool> HasLanesAsync(Guid transferId) => lanes.HasLanesAsync(transferId);

    public async Task SetPriorityAsync(Guid transferId, TransferPriority priority)
    {
        // In this order a lane that opens meanwhile reads the new one, or is there to be told.
        await incoming.SetPriorityAsync(transferId, priority).ConfigureAwait(false);
        shares.SetPriority(transferId, (Priority)priority);
    }
}
