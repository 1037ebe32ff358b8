using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using ChunkStream.Protocol.Frames;
using ChunkStream.Transport.Lanes;
using ChunkStream.Transport.Listeners;
using ChunkStream.Transport.Paths;
using Xunit;

namespace ChunkStream.Tests.Transport.Listeners;

/// <summary>What strangers do to a listener's port leaves it open for those who mean well.</summary>
public sealed class ListenerTests
{
    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Noise_on_the_port_leaves_it_open(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        var random = new Random(1);
        for (int i = 0; i < 10; i++)
        {
            using Socket noise = kind == LaneKind.Tls
                ? new(SocketType.Stream, ProtocolType.Tcp)
                : new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            await noise.ConnectAsync(host.EndPoint);
            byte[] bytes = new byte[random.Next(1, 1_200)];
            random.NextBytes(bytes);
            await noise.SendAsync(bytes);
        }
        await using LanePair lane = await host.ConnectAsync();
        Assert.Equal(kind, lane.Server.Kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_client_that_refuses_our_key_leaves_it_open(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        PathAddress other = host.Address with { SpkiSha256 = new byte[32] };
        await Assert.ThrowsAsync<LaneException>(() => Soon.DoneAsync("the dial to fail", LaneHost.Dialer(kind).DialAsync(other, default)));
        await using LanePair lane = await host.ConnectAsync();
        Assert.Equal(kind, lane.Server.Kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Connections_beyond_the_limit_are_turned_away_and_room_comes_back(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind, new() { MaxConnections = 1 });
        await using (LanePair first = await host.ConnectAsync())
        {
            Assert.False(await IsTakenAsync(host));
            await first.Client.WriteAsync(FrameHeader.Of(FrameType.Flush, 0), default);
            Assert.Equal(FrameType.Flush, (await first.Server.ReadHeaderAsync(default))?.Type);
        }
        host.LetGo();
        for (int tries = 1; !await IsTakenAsync(host); tries++) Assert.True(tries < 1_000, "The first connection has gone, and there is still no room.");
    }

    [QuicFact]
    public async Task Lanes_beyond_the_limit_wait_for_room()
    {
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Quic, new() { MaxLanesPerConnection = 1 });
        await using LanePair first = await host.ConnectAsync();
        Task<Lane> second = first.Path.OpenLaneAsync(default).AsTask();
        Assert.False(second.IsCompleted);
        await first.Client.DisposeAsync();
        await first.Server.DisposeAsync();
        await using Lane opened = await Soon.DoneAsync("room for another lane", second);
    }

    [Fact]
    public async Task A_handshake_that_says_nothing_is_ended()
    {
        TimeSpan limit = TimeSpan.FromSeconds(7.25);
        var time = new GatedTime(limit);
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Tls, new() { HandshakeTimeout = limit }, time);
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await silent.ConnectAsync(host.EndPoint);
        await Soon.TrueAsync("the handshake to be timed", () => time.Armed(limit) == 1);
        time.Fire(limit);
        Assert.Equal(0, await Soon.DoneAsync("the connection to be closed", silent.ReceiveAsync(new byte[1])));
    }

    [Theory, InlineData(null), InlineData("http/1.1")]
    public async Task A_TLS_client_that_doesnt_speak_our_protocol_gets_no_lane(string? protocol)
    {
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Tls);
        using var client = new TcpClient();
        await client.ConnectAsync(host.EndPoint);
        await using var stream = new SslStream(client.GetStream());
        SslClientAuthenticationOptions options = Options(protocol, SslProtocols.Tls13);
        int read = -1;
        try
        {
            await stream.AuthenticateAsClientAsync(options);
            await stream.WriteAsync(new byte[FrameHeader.SizeBytes]);
            read = await Soon.DoneAsync("the connection to be closed", stream.ReadAsync(new byte[1]).AsTask());
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            read = 0;
        }
        Assert.Equal(0, read);
    }

    [Fact]
    public async Task An_older_TLS_is_refused()
    {
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Tls);
        using var client = new TcpClient();
        await client.ConnectAsync(host.EndPoint);
        await using var stream = new SslStream(client.GetStream());
        Exception exception = await Assert.ThrowsAnyAsync<Exception>(() => stream.AuthenticateAsClientAsync(Options("chunkstream/1", SslProtocols.Tls12)));
        Assert.True(exception is AuthenticationException or IOException, exception.ToString());
    }

    [Fact]
    public async Task A_port_in_use_is_said_so()
    {
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Tls);
        await Assert.ThrowsAsync<SocketException>(() => LaneHost.StartAsync(LaneKind.Tls, port: host.EndPoint.Port));
    }

    [Fact]
    public void A_certificate_and_its_pin_survive_a_restart_and_are_the_owners_alone()
    {
        using var folder = new Storage.TemporaryFolder();
        string path = folder.Sub("gateway.pfx");
        using GatewayCertificate made = GatewayCertificate.LoadOrCreate(path), found = GatewayCertificate.LoadOrCreate(path);
        Assert.Equal(made.SpkiSha256, found.SpkiSha256);
        Assert.Equal(32, made.SpkiSha256.Length);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        using GatewayCertificate other = GatewayCertificate.LoadOrCreate(folder.Sub("other.pfx"));
        Assert.NotEqual(made.SpkiSha256, other.SpkiSha256);
    }

#pragma warning disable CA5359, CA5398 // The server is tested here, not the client; and an old TLS on purpose.
    private static SslClientAuthenticationOptions Options(string? protocol, SslProtocols version) => new()
    {
        TargetHost = "chunkstream-gateway",
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
        ApplicationProtocols = protocol is null ? null : [new(protocol)],
        EnabledSslProtocols = version,
    };
#pragma warning restore CA5359, CA5398

    private static async Task<bool> IsTakenAsync(LaneHost host)
    {
        int before = host.Accepted;
        try
        {
            // A connection that is turned away may stand for a moment; no lane comes of it.
            await using IPathConnection path = await Soon.DoneAsync("the dial", host.DialAsync());
            await using Lane lane = await path.OpenLaneAsync(default);
            await lane.WriteAsync(FrameHeader.Of(FrameType.Ping, 0), default);
            Task<FrameHeader?> ended = lane.ReadHeaderAsync(default).AsTask();
            await Soon.TrueAsync("the lane to be taken or to end", () => host.Accepted > before || ended.IsCompleted);
            return host.Accepted > before;
        }
        catch (LaneException)
        {
            return false;
        }
    }
}
