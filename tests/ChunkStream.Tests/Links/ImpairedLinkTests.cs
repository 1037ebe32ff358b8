using System.Net;
using System.Net.Sockets;
using Xunit;

namespace ChunkStream.Tests.Links;

/// <summary>Real sockets over an impaired link.</summary>
public sealed class ImpairedLinkTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task Datagrams_come_back_late_and_some_not_at_all()
    {
        using Socket echo = Bound(SocketType.Dgram);
        _ = EchoDatagramsAsync(echo);
        await using var link = new ImpairedLink((IPEndPoint)echo.LocalEndPoint!) { Udp = new() { Delay = Delay, Loss = 0.2 } };
        using Socket client = Bound(SocketType.Dgram);
        await client.ConnectAsync(link.EndPoint);
        HashSet<int> back = [];
        TimeSpan started = DelayLine.Now;
        Task reading = ReadAsync();
        // As many as a socket holds, however late its reader is.
        for (int i = 0; i < 200; i++) await client.SendAsync(BitConverter.GetBytes(i));
        // 0.8 squared of them come back: 128; four standard deviations are 27.
        await Soon.TrueAsync("echoes", () => Count() >= 101);
        Assert.True(DelayLine.Now - started >= 2 * Delay);
        link.Udp = LinkConditions.Clean;
        await client.SendAsync(BitConverter.GetBytes(-1));
        await Soon.DoneAsync("the last echo", reading);
        Assert.InRange(Count(), 101, 155);

        async Task ReadAsync()
        {
            byte[] buffer = new byte[4];
            while (true)
            {
                await client.ReceiveAsync(buffer);
                int number = BitConverter.ToInt32(buffer);
                // What is under way when the link heals comes later than what is sent then.
                if (number < 0) return;
                lock (back) back.Add(number);
            }
        }

        int Count()
        {
            lock (back) return back.Count;
        }
    }

    [Fact]
    public async Task A_stream_is_whole_through_loss_and_a_hole()
    {
        using Socket server = Bound(SocketType.Stream);
        server.Listen();
        await using var link = new ImpairedLink((IPEndPoint)server.LocalEndPoint!) { Tcp = new() { Delay = Delay, Jitter = Delay, Loss = 0.05 } };
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(link.EndPoint);
        using Socket accepted = await Soon.DoneAsync("the connection", server.AcceptAsync());
        byte[] sent = new byte[1024 * 1024];
        new Random(1).NextBytes(sent);
        byte[] got = new byte[sent.Length];
        await client.SendAsync(sent.AsMemory(0, 1000));
        await FillAsync(0, 1000);

        link.Tcp = new() { IsHole = true };
        await client.SendAsync(sent.AsMemory(1000, 1000));
        Task<int> held = accepted.ReceiveAsync(got.AsMemory(1000, 1000)).AsTask();
        Assert.NotSame(held, await Task.WhenAny(held, Task.Delay(10 * Delay)));
        link.Tcp = LinkConditions.Clean;
        int first = await Soon.DoneAsync("what the hole held", held);
        await FillAsync(1000 + first, 2000);

        Task sending = client.SendAsync(sent.AsMemory(2000)).AsTask();
        await FillAsync(2000, sent.Length);
        await Soon.DoneAsync("the sending", sending);
        Assert.True(sent.AsSpan().SequenceEqual(got));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await Soon.DoneAsync("the end", accepted.ReceiveAsync(new byte[1])));

        async Task FillAsync(int from, int to)
        {
            while (from < to) from += await Soon.DoneAsync("bytes", accepted.ReceiveAsync(got.AsMemory(from, to - from)).AsTask());
        }
    }

    [Fact]
    public async Task Datagrams_vanish_in_a_hole_and_come_through_when_it_heals()
    {
        using Socket server = Bound(SocketType.Dgram);
        await using var link = new ImpairedLink((IPEndPoint)server.LocalEndPoint!) { Udp = new() { IsHole = true } };
        using Socket client = Bound(SocketType.Dgram);
        await client.ConnectAsync(link.EndPoint);
        await client.SendAsync(new byte[] { 1 });
        byte[] got = new byte[1];
        Task<int> reading = server.ReceiveAsync(got);
        Assert.NotSame(reading, await Task.WhenAny(reading, Task.Delay(5 * Delay)));
        link.Udp = LinkConditions.Clean;
        await client.SendAsync(new byte[] { 2 });
        await Soon.DoneAsync("the datagram", reading);
        Assert.Equal(2, got[0]);
    }

    private static async Task EchoDatagramsAsync(Socket socket)
    {
        byte[] buffer = new byte[2048];
        try
        {
            while (true)
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                await socket.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes), received.RemoteEndPoint);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
        }
    }

    private static Socket Bound(SocketType type)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
