using ChunkStream.Core.Integrity;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Cli.Demo;

/// <summary>
/// Remembers the transfer, and sees to it that the interruption comes before completion: a file so small that it is sent before half
/// of it is seen to be committed is interrupted here, when nothing but completing is left.
/// </summary>
internal sealed class InterruptedControl(IControlPlane inner, CancellationTokenSource interruption) : DelegatingControlPlane(inner)
{
    public Guid TransferId { get; private set; }

    public override async Task<Opening> CreateTransferAsync(CreateTransfer request, CancellationToken cancellationToken)
    {
        Opening opening = await base.CreateTransferAsync(request, cancellationToken);
        TransferId = opening.Transfer.Id;
        return opening;
    }

    public override async Task<Transfer> CompleteAsync(Guid transferId, Digest blake3, CancellationToken cancellationToken)
    {
        await interruption.CancelAsync();
        throw new OperationCanceledException(interruption.Token);
    }
}
