using System.Net;
using System.Net.Sockets;
using ChunkStream.Transport.Congestion;
using Xunit;

namespace ChunkStream.Tests.Transport.Congestion;

public sealed class TcpBacklogTests
{
    [Fact]
    public async Task What_a_listener_accepts_holds_no_more_than_it_was_told()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        TcpBacklog.Limit(listener);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint!);
        using Socket accepted = await listener.AcceptAsync();
        int? limit = OperatingSystem.IsLinux() ? TcpBacklog.MostBytes : null;
        Assert.Equal(limit, TcpBacklog.Of(accepted));
    }
}
