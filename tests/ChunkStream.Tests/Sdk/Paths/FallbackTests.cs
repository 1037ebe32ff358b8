using ChunkStream.Core.Layout;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Paths;
using Xunit;

namespace ChunkStream.Tests.Sdk.Paths;

/// <summary>UDP that is dead, dies, and comes back, between a real client and a real gateway.</summary>
public sealed class FallbackTests(PathsService service) : IClassFixture<PathsService>
{
    private const int Swapped = 5002;
    private static readonly PathTiming Hasty = new() { QuicAgainEvery = TimeSpan.FromMilliseconds(300), PingEvery = TimeSpan.FromMilliseconds(200) };

    [QuicFact]
    public async Task Where_UDP_is_dead_from_the_start_all_goes_over_TLS()
    {
        service.Renew();
        await using var network = new Crossing(service.GatewayEndPoint) { IsUdpDead = true };
        SendResult sent = await SendAsync(network, new(), _ => { });
        PathSummary path = Assert.Single(sent.Paths, path => path.Chunks > 0);
        Assert.Equal("tls", path.Transport);
        Assert.Equal(0, sent.ChunksResent);
        Assert.True(network.LostPackets > 0, "QUIC wasn't tried.");
    }

    [QuicFact]
    public async Task Where_UDP_dies_the_same_transfer_goes_on_over_TLS_and_nothing_committed_is_sent_twice()
    {
        service.Renew();
        await using var network = new Crossing(service.GatewayEndPoint);
        using var sayings = new Sayings();
        var control = new RoutedControl(service.Gateway.Control, network.EndPoint.ToString());
        HashSet<ChunkIndex> committed = [];
        int again = 0, sent = 0;
        SendResult result = await SendAsync(control, new(), sayings, index =>
        {
            // Not before something is committed, however soon as many are written; all lanes wait for that.
            if (Interlocked.Increment(ref sent) >= 40)
            {
                lock (network)
                {
                    if (!network.IsUdpDead) Assert.True(SpinWait.SpinUntil(() => Committed().Count > 0, TimeSpan.FromSeconds(30)), "Waited 30 s for a commit.");
                    network.IsUdpDead = true;
                }
            }
            // What the session has when the first chunk goes over TLS was committed before.
            if (sayings.Said(Swapped)) Snapshot();
            if (committed.Contains(index)) Interlocked.Increment(ref again);
        });
        Assert.Equal((0, 1), (again, committed.Count > 0 ? 1 : 0));
        Assert.True(result.Paths.Single(path => path.Transport == "quic").Chunks > 0, "Nothing went over QUIC.");
        Assert.True(result.Paths.Single(path => path.Transport == "tls").Chunks > 0, "Nothing went over TLS.");
        Assert.Equal(result.TransferId, (await control.ListTransfersAsync(new(), default)).Items[0].Id);

        void Snapshot()
        {
            lock (committed)
            {
                if (committed.Count > 0) return;
                committed.UnionWith(Core.Layout.Layouts.Members(Committed()));
            }
        }

        ChunkSet Committed()
        {
            Transfer transfer = control.ListTransfersAsync(new(), default).Result.Items[0];
            return ChunkSet.FromBounds(control.GetSessionAsync(transfer.Id, default).Result.Committed);
        }
    }

    [QuicFact]
    public async Task Where_UDP_is_back_QUIC_is_back()
    {
        service.Renew();
        await using var network = new Crossing(service.GatewayEndPoint) { IsUdpDead = true };
        using var sayings = new Sayings();
        int sent = 0;
        SendResult result = await SendAsync(new RoutedControl(service.Gateway.Control, network.EndPoint.ToString()), Hasty, sayings, index =>
        {
            int number = Interlocked.Increment(ref sent);
            if (number == 30) network.IsUdpDead = false;
            // Loopback would be done before QUIC is tried again.
            if (number >= 40) Assert.True(SpinWait.SpinUntil(() => sayings.Said(Swapped), TimeSpan.FromSeconds(30)), "Waited 30 s for QUIC to be taken again.");
        });
        Assert.True(result.Paths.Single(path => path.Transport == "tls").Chunks > 0, "Nothing went over TLS.");
        Assert.True(result.Paths.Single(path => path.Transport == "quic").Chunks > 0, "Nothing went over QUIC.");
        // What was in flight over TLS arrived there.
        Assert.Equal(0, result.ChunksResent);
    }

    [QuicFact]
    public async Task QUIC_alone_does_not_fall_back()
    {
        service.Renew();
        await using var network = new Crossing(service.GatewayEndPoint) { IsUdpDead = true };
        var client = new ChunkStreamClient(
            new RoutedControl(service.Gateway.Control, network.EndPoint.ToString()), new() { Transport = TransportChoice.Quic, ReconnectFor = TimeSpan.Zero });
        ChunkStreamException failed = await Assert.ThrowsAsync<ChunkStreamException>(() => Soon.DoneAsync("the send to fail", client.SendAsync(service.Source)));
        Assert.Equal(ChunkStream.Core.Failures.FailureCode.Unreachable, failed.Code);
    }

    [Fact]
    public async Task A_dead_TCP_path_is_given_up_and_another_goes_on()
    {
        service.Renew();
        await using var dying = new Crossing(service.GatewayEndPoint);
        await using var living = new Crossing(service.GatewayEndPoint);
        var control = new RoutedControl(service.Gateway.Control, dying.EndPoint.ToString(), living.EndPoint.ToString());
        int sent = 0;
        ChunkStreamClient client = service.Client(control, TransportChoice.Tls, timing: new() { AnswerWithin = TimeSpan.FromSeconds(2) });
        SendResult result = await Soon.DoneAsync("the send", client.SendAsync(service.Source, Options(_ =>
        {
            if (Interlocked.Increment(ref sent) == 40) dying.KillTcp();
        })));
        Assert.Contains(result.Paths, path => path.Key.Contains(living.EndPoint.ToString(), StringComparison.Ordinal) && path.Chunks > 0);
    }

    private Task<SendResult> SendAsync(Crossing network, PathTiming timing, Action<ChunkIndex> sent) =>
        SendAsync(new RoutedControl(service.Gateway.Control, network.EndPoint.ToString()), timing, null, sent);

    private Task<SendResult> SendAsync(RoutedControl control, PathTiming timing, Sayings? sayings, Action<ChunkIndex> sent) => Soon.DoneAsync(
        "the send", service.Client(control, timing: timing, sayings: sayings).SendAsync(service.Source, Options(sent)));

    private static SendOptions Options(Action<ChunkIndex> sent) => new() { ChunkBytes = FileLayout.MinChunkBytes, ChunkSent = sent };
}
