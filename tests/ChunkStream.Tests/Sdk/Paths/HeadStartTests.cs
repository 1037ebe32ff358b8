using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Paths;
using ChunkStream.Transport.Lanes;
using ChunkStream.Transport.Paths;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace ChunkStream.Tests.Sdk.Paths;

/// <summary>What a call does beside the making of its transfer.</summary>
public sealed class HeadStartTests(PathsService service) : IClassFixture<PathsService>
{
    [Theory]
    [QuicInlineData(TransportChoice.Quic, LaneKind.Quic)]
    [InlineData(TransportChoice.Tls, LaneKind.Tls)]
    public async Task The_gateway_is_dialled_before_the_transfer_is_made(TransportChoice transport, LaneKind kind)
    {
        await using var network = new Crossing(service.GatewayEndPoint);
        var control = new RoutedControl(service.Gateway.Control, network.EndPoint.ToString());
        await using HeadStart headStart = Begin(control, transport);
        PlannedPath path = await PathOfAsync(control);
        await Soon.DoneAsync("the dialling", headStart.Dialling);
        await using IPathConnection connection = await Soon.DoneAsync("the connection", headStart.Take(path)!);
        Assert.Equal(kind, connection.Kind);
        Assert.Null(headStart.Take(path));
        Assert.True(headStart.TryKeep(path, Task.FromResult(connection)));
        Assert.Same(connection, await headStart.Take(path)!);
    }

    /// <summary>The transfer is made before the gateways are known, and its call dials itself: nobody would take a second connection.</summary>
    [Fact]
    public async Task A_path_that_was_asked_for_is_not_dialled_beside()
    {
        var control = new LateGateways(service.Gateway.Control);
        await using HeadStart headStart = Begin(control, TransportChoice.Tls);
        PlannedPath path = await PathOfAsync(service.Gateway.Control);
        Assert.Null(headStart.Take(path));
        control.Answer.SetResult();
        await Soon.DoneAsync("the dialling", headStart.Dialling);
        Assert.Null(headStart.Take(path));
    }

    [Fact]
    public async Task Of_several_gateways_none_is_dialled()
    {
        await using var network = new Crossing(service.GatewayEndPoint);
        var control = new TwiceTheGateways(new RoutedControl(service.Gateway.Control, network.EndPoint.ToString()));
        HeadStart headStart = Begin(control, TransportChoice.Tls);
        await headStart.DisposeAsync();
        Assert.Null(headStart.Take(await PathOfAsync(control)));
    }

    [Fact]
    public async Task What_a_path_carried_is_known_for_an_hour()
    {
        const string Fresh = "192.0.2.1>192.0.2.2:7071/quic", Old = "192.0.2.3>192.0.2.2:7071/quic";
        await service.Gateway.Control.ReportPathAsync(new() { Key = Fresh, BytesPerSecond = 5e6, Bytes = 1 }, default);
        await using HeadStart headStart = new(new AgedPath(service.Gateway.Control, Old), new(), Dialer(LaneChoice.Tls), TimeProvider.System, default);
        Assert.Null(headStart.Of(Fresh));
        await headStart.BeginAsync();
        Assert.Equal(5e6, headStart.Of(Fresh)!.BytesPerSecond);
        Assert.Contains(headStart.Known, path => path.Key == Old);
        Assert.Null(headStart.Of(Old));
    }

    private static HeadStart Begin(IControlPlane control, TransportChoice transport)
    {
        var headStart = new HeadStart(control, new() { Transport = transport }, Dialer(transport == TransportChoice.Tls ? LaneChoice.Tls : LaneChoice.Quic), TimeProvider.System, default);
        _ = headStart.BeginAsync();
        return headStart;
    }

    private static PathDialer Dialer(LaneChoice choice) => new(choice, NullLogger<PathDialer>.Instance, TimeProvider.System);

    private static async Task<PlannedPath> PathOfAsync(IControlPlane control)
    {
        GatewayAddress gateway = (await control.ListGatewaysAsync(default))[0].Address;
        return Assert.Single(await new PathPlanner(new()).PlanAsync([gateway], default));
    }

    private sealed class LateGateways(IControlPlane inner) : DelegatingControlPlane(inner)
    {
        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task<IReadOnlyList<GatewayState>> ListGatewaysAsync(CancellationToken cancellationToken)
        {
            await Answer.Task;
            return await base.ListGatewaysAsync(cancellationToken);
        }
    }

    private sealed class TwiceTheGateways(IControlPlane inner) : DelegatingControlPlane(inner)
    {
        public override async Task<IReadOnlyList<GatewayState>> ListGatewaysAsync(CancellationToken cancellationToken)
        {
            GatewayState[] gateways = [.. await base.ListGatewaysAsync(cancellationToken)];
            return [.. gateways, .. gateways];
        }
    }

    private sealed class AgedPath(IControlPlane inner, string key) : DelegatingControlPlane(inner)
    {
        public override async Task<IReadOnlyList<PathState>> ListPathsAsync(CancellationToken cancellationToken)
        {
            IReadOnlyList<PathState> paths = await base.ListPathsAsync(cancellationToken);
            return [.. paths, paths[0] with { Key = key, UpdatedAt = DateTimeOffset.UtcNow.AddHours(-2) }];
        }
    }
}
