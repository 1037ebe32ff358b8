using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Frontend.Bytes;

/// <summary>Remembers which transfer was created, so that it can be given up.</summary>
internal sealed class RememberedTransfer(IControlPlane inner) : DelegatingControlPlane(inner)
{
    private static readonly TimeSpan GiveUpWithin = TimeSpan.FromSeconds(5);

    private Guid? _created;

    /// <summary>Cancels the transfer, if one was created. Best effort: it runs while another failure is on its way up.</summary>
    public async Task CancelAsync()
    {
        if (_created is not { } transferId) return;
        using var limit = new CancellationTokenSource(GiveUpWithin);
        try
        {
            await Inner.CancelAsync(transferId, limit.Token);
        }
        catch (Exception exception) when (exception is ChunkStreamException or OperationCanceledException)
        {
            // The service can't be reached. The transfer stays unfinished, and is seen and cancelled in the listing.
        }
    }

    public override async Task<Opening> CreateTransferAsync(CreateTransfer request, CancellationToken cancellationToken)
    {
        Opening opening = await base.CreateTransferAsync(request, cancellationToken);
        _created = opening.Transfer.Id;
        return opening;
    }
}
