using System.Collections.Concurrent;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Tests.Sdk.Paths;

/// <summary>The service's commands, with its gateway at other endpoints; keeps what is reported of paths.</summary>
internal sealed class RoutedControl(IControlPlane inner, params string[] endpoints) : DelegatingControlPlane(inner)
{
    public ConcurrentQueue<PathReport> Reports { get; } = [];

    public override async Task<Opening> CreateTransferAsync(CreateTransfer request, CancellationToken cancellationToken) =>
        Routed(await base.CreateTransferAsync(request, cancellationToken));

    public override async Task<Opening> OpenTransferAsync(Guid transferId, CancellationToken cancellationToken) =>
        Routed(await base.OpenTransferAsync(transferId, cancellationToken));

    public override async Task<IReadOnlyList<GatewayState>> ListGatewaysAsync(CancellationToken cancellationToken) =>
        [.. (await base.ListGatewaysAsync(cancellationToken)).Select(gateway => gateway with { Address = Routed(gateway.Address) })];

    public override Task<PathState> ReportPathAsync(PathReport report, CancellationToken cancellationToken)
    {
        Reports.Enqueue(report);
        return base.ReportPathAsync(report, cancellationToken);
    }

    private Opening Routed(Opening opening) =>
        opening with { Gateways = [.. opening.Gateways.Select(Routed)] };

    private GatewayAddress Routed(GatewayAddress gateway) => endpoints.Length == 0 ? gateway : gateway with { Endpoints = endpoints };
}
