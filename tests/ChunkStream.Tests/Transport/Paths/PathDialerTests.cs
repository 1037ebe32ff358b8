using System.Net;
using System.Net.Sockets;
using ChunkStream.Core.Failures;
using ChunkStream.Transport.Congestion;
using ChunkStream.Transport.Lanes;
using ChunkStream.Transport.Paths;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace ChunkStream.Tests.Transport.Paths;

public sealed class PathDialerTests
{
    [Fact]
    public async Task Bbr_withstands_loss_and_cubic_does_not()
    {
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Tls);
        foreach (CongestionControl congestion in Enum.GetValues<CongestionControl>())
        {
            var dialer = new PathDialer(LaneChoice.Tls, NullLogger<PathDialer>.Instance, TimeProvider.System) { Congestion = congestion };
            await using IPathConnection path = await dialer.DialAsync(host.Address, default);
            const string offers = "/proc/sys/net/ipv4/tcp_available_congestion_control";
            bool offered = File.Exists(offers) && File.ReadAllText(offers).Contains("bbr", StringComparison.Ordinal);
            Assert.Equal(congestion == CongestionControl.Bbr && offered, path.WithstandsLoss);
        }
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_path_is_named_by_both_its_ends_and_its_kind(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        await using IPathConnection path = await Soon.DoneAsync("the dial", host.DialAsync());
        Assert.Equal(kind, path.Kind);
        Assert.Equal($"127.0.0.1>127.0.0.1:{host.EndPoint.Port}/{kind.ToString().ToLowerInvariant()}", path.Key);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task The_local_address_is_the_one_that_was_asked_for(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        PathAddress address = host.Address with { LocalAddress = IPAddress.Parse("127.0.0.9") };
        await using IPathConnection path = await Soon.DoneAsync("the dial", LaneHost.Dialer(kind).DialAsync(address, default));
        Assert.StartsWith("127.0.0.9>", path.Key, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LaneKind.Tls, LaneChoice.Tls), InlineData(LaneKind.Tls, LaneChoice.Auto)]
    [QuicInlineData(LaneKind.Quic, LaneChoice.Quic), QuicInlineData(LaneKind.Quic, LaneChoice.Auto)]
    public async Task A_gateway_with_another_key_is_not_the_one(LaneKind kind, LaneChoice choice)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        PathAddress other = host.Address with { SpkiSha256 = new byte[32] };
        LaneException exception = await RefusedAsync(choice, other);
        Assert.Equal(FailureCode.PinMismatch, exception.Code);
        Assert.Contains(host.EndPoint.ToString(), exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LaneChoice.Tls), InlineData(LaneChoice.Auto)]
    [QuicInlineData(LaneChoice.Quic)]
    public async Task Where_nobody_listens_is_unreachable(LaneChoice choice)
    {
        LaneException exception = await RefusedAsync(choice, new(null, FreeEndPoint(), new byte[32], HasQuic: choice == LaneChoice.Quic));
        Assert.Equal(FailureCode.Unreachable, exception.Code);
    }

    [QuicFact]
    public async Task Where_neither_way_leads_both_reasons_are_told()
    {
        LaneException exception = await RefusedAsync(LaneChoice.Auto, new(null, FreeEndPoint(), new byte[32], HasQuic: true));
        Assert.Equal(FailureCode.Unreachable, exception.Code);
        Assert.Contains("QUIC", exception.Message, StringComparison.Ordinal);
        Assert.Contains("TLS", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task QUIC_alone_needs_a_gateway_that_has_it()
    {
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Tls);
        LaneException exception = await RefusedAsync(LaneChoice.Quic, host.Address);
        Assert.Equal(FailureCode.Unreachable, exception.Code);
        Assert.Contains("auto or tls", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Auto_takes_TLS_where_the_gateway_has_no_QUIC()
    {
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Tls);
        await using IPathConnection path = await Soon.DoneAsync("the dial", LaneHost.Dialer(LaneChoice.Auto).DialAsync(host.Address, default));
        Assert.Equal(LaneKind.Tls, path.Kind);
    }

    [QuicFact]
    public async Task Auto_takes_QUIC_where_both_are_there()
    {
        await using LaneHost tls = await LaneHost.StartAsync(LaneKind.Tls);
        await using LaneHost quic = await LaneHost.StartAsync(LaneKind.Quic, port: tls.EndPoint.Port);
        // TLS gets no chance: its turn comes when a timer fires that doesn't.
        var time = new GatedTime(PathDialer.QuicHeadStart);
        await using IPathConnection path = await Soon.DoneAsync("the dial", LaneHost.Dialer(LaneChoice.Auto, time).DialAsync(quic.Address, default));
        Assert.Equal(LaneKind.Quic, path.Kind);
    }

    [QuicFact]
    public async Task Auto_takes_TLS_within_a_second_where_UDP_goes_nowhere()
    {
        Assert.True(PathDialer.QuicHeadStart < TimeSpan.FromSeconds(1));
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Tls);
        using Socket hole = BlackHole(host.EndPoint);
        var time = new GatedTime(PathDialer.QuicHeadStart);
        Task<IPathConnection> dialing = LaneHost.Dialer(LaneChoice.Auto, time).DialAsync(host.Address with { HasQuic = true }, default);
        // QUIC's packets have gone out and nobody answers; TLS waits for its turn.
        await Soon.TrueAsync("a QUIC packet", () => hole.Available > 0);
        Assert.False(dialing.IsCompleted);
        Assert.Equal(1, time.Fire(PathDialer.QuicHeadStart));

        await using IPathConnection path = await Soon.DoneAsync("the fallback to TLS", dialing);
        Assert.Equal(LaneKind.Tls, path.Kind);
        await using Lane lane = await path.OpenLaneAsync(default);
        Assert.Equal(LaneKind.Tls, lane.Kind);
    }

    [QuicFact]
    public async Task Auto_takes_TLS_at_once_where_QUIC_is_refused()
    {
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Tls);
        // Nobody has the UDP port, and the machine says so.
        var time = new GatedTime(PathDialer.QuicHeadStart);
        await using IPathConnection path = await Soon.DoneAsync(
            "the dial", LaneHost.Dialer(LaneChoice.Auto, time).DialAsync(host.Address with { HasQuic = true }, default));
        Assert.Equal(LaneKind.Tls, path.Kind);
    }

    [Fact]
    public async Task What_speaks_no_TLS_is_unreachable_and_not_another_gateway()
    {
        using Socket listener = Listen(out IPEndPoint endPoint);
        Task<LaneException> dialing = RefusedAsync(LaneChoice.Tls, new(null, endPoint, new byte[32], HasQuic: false));
        using Socket accepted = await listener.AcceptAsync();
        await accepted.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        Assert.Equal(FailureCode.Unreachable, (await dialing).Code);
    }

    [Fact]
    public async Task Who_takes_the_connection_and_says_nothing_is_given_up()
    {
        using Socket listener = Listen(out IPEndPoint endPoint);
        var time = new GatedTime(PathDialer.DialTimeout);
        Task<LaneException> dialing = RefusedAsync(LaneChoice.Tls, new(null, endPoint, new byte[32], HasQuic: false), time);
        using Socket accepted = await listener.AcceptAsync();
        Assert.Equal(1, time.Fire(PathDialer.DialTimeout));

        LaneException exception = await dialing;
        Assert.Equal(FailureCode.Unreachable, exception.Code);
        Assert.Contains("within 10 s", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dial_can_be_cancelled()
    {
        using Socket listener = Listen(out IPEndPoint endPoint);
        using var cancelled = new CancellationTokenSource();
        Task<IPathConnection> dialing = LaneHost.Dialer(LaneChoice.Tls).DialAsync(new(null, endPoint, new byte[32], HasQuic: false), cancelled.Token);
        using Socket accepted = await listener.AcceptAsync();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon.DoneAsync("the cancelled dial", dialing));
    }

    [Theory]
    [InlineData("192.0.2.7:7071", "192.0.2.7:7071"), InlineData("[2001:db8::7]:7071", "[2001:db8::7]:7071")]
    [InlineData("gateway.example:1", "Unspecified/gateway.example:1"), InlineData("gateway.example:0", "Unspecified/gateway.example:0")]
    [InlineData("", null), InlineData(":1", null), InlineData("gateway.example", null), InlineData("gateway.example:65536", null)]
    [InlineData("gateway.example:-1", null), InlineData("two words:7071", null)]
    public void Endpoints_are_read(string text, string? expected)
    {
        Assert.Equal(expected is not null, PathAddress.TryParseEndPoint(text, out EndPoint? endPoint));
        Assert.Equal(expected, endPoint?.ToString());
    }

    private static Task<LaneException> RefusedAsync(LaneChoice choice, PathAddress address, TimeProvider? time = null) =>
        Assert.ThrowsAsync<LaneException>(() => Soon.DoneAsync("the dial to fail", LaneHost.Dialer(choice, time).DialAsync(address, default)));

    private static IPEndPoint FreeEndPoint()
    {
        using Socket listener = Listen(out IPEndPoint endPoint);
        return endPoint;
    }

    private static Socket Listen(out IPEndPoint endPoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        endPoint = (IPEndPoint)socket.LocalEndPoint!;
        socket.Listen();
        return socket;
    }

    private static Socket BlackHole(IPEndPoint endPoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(endPoint);
        return socket;
    }
}
