using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ChunkStream.Tests.Sdk.Paths;

/// <summary>A network in front of a gateway, TCP and UDP on one port, of which each may be dead: what is sent then goes nowhere.</summary>
internal sealed class Crossing : IAsyncDisposable
{
    private readonly IPEndPoint _gateway;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<IPEndPoint, Socket> _flows = new();
    private readonly ConcurrentBag<Task> _tasks = [];
    private readonly Socket _tcp;
    private readonly Socket _udp;
    private TaskCompletionSource _tcpOpen = Done();

    public Crossing(IPEndPoint gateway, IPAddress? address = null)
    {
        _gateway = gateway;
        _tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _tcp.Bind(new IPEndPoint(address ?? IPAddress.Loopback, 0));
        _tcp.Listen();
        EndPoint = (IPEndPoint)_tcp.LocalEndPoint!;
        _udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
        _udp.Bind(EndPoint);
        _tasks.Add(AcceptAsync());
        _tasks.Add(ForwardAsync());
    }

    public IPEndPoint EndPoint { get; }

    public bool IsUdpDead { get; set; }

    /// <summary>Packets that were sent into the dead network.</summary>
    public int LostPackets { get; private set; }

    /// <summary>From now on TCP's bytes wait, both ways, and nobody is told.</summary>
    public void KillTcp() => _tcpOpen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _tcpOpen.TrySetCanceled();
        _tcp.Dispose();
        _udp.Dispose();
        foreach (Socket flow in _flows.Values) flow.Dispose();
        await Soon.DoneAsync("the crossing to end", Task.WhenAll(_tasks).ContinueWith(static _ => { }, TaskScheduler.Default));
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client = await _tcp.AcceptAsync(_stopping.Token);
            _tasks.Add(CrossAsync(client));
        }
    }

    private async Task CrossAsync(Socket client)
    {
        using (client)
        {
            await _tcpOpen.Task.WaitAsync(_stopping.Token);
            using var gateway = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await gateway.ConnectAsync(_gateway, _stopping.Token);
            await Task.WhenAll(PumpAsync(client, gateway), PumpAsync(gateway, client));
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stopping.Token) is var read and > 0)
            {
                await _tcpOpen.Task.WaitAsync(_stopping.Token);
                await to.SendAsync(buffer.AsMemory(0, read), _stopping.Token);
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            from.Dispose();
            to.Dispose();
        }
    }

    private async Task ForwardAsync()
    {
        byte[] packet = new byte[64 * 1024];
        while (true)
        {
            SocketReceiveFromResult received = await _udp.ReceiveFromAsync(packet, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stopping.Token);
            if (IsUdpDead)
            {
                LostPackets++;
                continue;
            }
            Socket flow = _flows.GetOrAdd((IPEndPoint)received.RemoteEndPoint, client =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
                socket.Connect(_gateway);
                _tasks.Add(ReturnAsync(socket, client));
                return socket;
            });
            await SendAsync(() => flow.SendAsync(packet.AsMemory(0, received.ReceivedBytes), _stopping.Token));
        }
    }

    private async Task ReturnAsync(Socket flow, IPEndPoint client)
    {
        byte[] packet = new byte[64 * 1024];
        while (true)
        {
            int read = 0;
            await SendAsync(async () => read = await flow.ReceiveAsync(packet, _stopping.Token));
            if (read > 0 && !IsUdpDead) await SendAsync(() => _udp.SendToAsync(packet.AsMemory(0, read), client, _stopping.Token));
        }
    }

    // A port that nobody has any more answers so; the network goes on.
    private static async Task SendAsync(Func<ValueTask<int>> send)
    {
        try
        {
            await send();
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
        }
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}
