using ChunkStream.Sdk.Control;

namespace ChunkStream.Tests.Links;

/// <summary>A service whose gateways are reached elsewhere than they think.</summary>
internal sealed class LinkedControl(IControlPlane inner, Func<GatewayAddress, GatewayAddress> address) : DelegatingControlPlane(inner)
{
    public override async Task<Opening> CreateTransferAsync(CreateTransfer request, CancellationToken cancellationToken) =>
        Linked(await Inner.CreateTransferAsync(request, cancellationToken));

    public override async Task<Opening> OpenTransferAsync(Guid transferId, CancellationToken cancellationToken) =>
        Linked(await Inner.OpenTransferAsync(transferId, cancellationToken));

    public override async Task<Opening> OpenFileAsync(Guid fileId, CancellationToken cancellationToken) =>
        Linked(await Inner.OpenFileAsync(fileId, cancellationToken));

    private Opening Linked(Opening opening) =>
        opening with { Gateways = [.. opening.Gateways.Select(address)] };
}
