using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ChunkStream.Tests.Links;

/// <summary>Passes datagrams between clients and a target as the conditions of the moment let it.</summary>
internal sealed class UdpRelay : IAsyncDisposable
{
    private const int SocketBufferBytes = 4 * 1024 * 1024;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<EndPoint, Way> _ways = [];
    private readonly ConcurrentBag<Task> _running = [];
    private readonly Socket _socket;
    private readonly EndPoint _target;
    private readonly Func<LinkConditions> _conditions;
    private readonly LinkModel _there, _back;

    /// <param name="listen">Where clients find it.</param>
    /// <param name="target">Where it leads to.</param>
    /// <param name="conditions">Asked for every packet.</param>
    /// <param name="seed">Of its fates.</param>
    public UdpRelay(IPEndPoint listen, EndPoint target, Func<LinkConditions> conditions, int seed)
    {
        (_target, _conditions, _there, _back) = (target, conditions, new(seed), new(seed + 1));
        _socket = NewSocket();
        _socket.Bind(listen);
        _running.Add(ListenAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _socket.Dispose();
        foreach (Way way in _ways.Values) way.Socket.Dispose();
        _stopping.Dispose();
    }

    private async Task ListenAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        while (true)
        {
            SocketReceiveFromResult received;
            try
            {
                received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _stopping.Token);
            }
            catch (SocketException)
            {
                // The last datagram to a client that has gone.
                continue;
            }
            Way way = _ways.GetOrAdd(received.RemoteEndPoint, Open);
            if (++way.Datagrams == 2 && _conditions().LosesSecond) continue;
            if (_there.Cross(_conditions(), DelayLine.Now, received.ReceivedBytes) is { } at) way.There.Put(buffer[..received.ReceivedBytes], at);
        }
    }

    // A client of ours has a socket of its own to the target, as behind an address translator.
    private Way Open(EndPoint client)
    {
        Socket socket = NewSocket();
        socket.Connect(_target);
        var there = new DelayLine(async (packet, token) => await SendAsync(() => socket.SendAsync(packet, token)));
        var back = new DelayLine(async (packet, token) => await SendAsync(() => _socket.SendToAsync(packet, SocketFlags.None, client, token)));
        _running.Add(there.RunAsync(_stopping.Token));
        _running.Add(back.RunAsync(_stopping.Token));
        _running.Add(ReadBackAsync(socket, back));
        return new(socket, there);
    }

    private async Task ReadBackAsync(Socket socket, DelayLine back)
    {
        byte[] buffer = new byte[64 * 1024];
        while (true)
        {
            int bytes;
            try
            {
                bytes = await socket.ReceiveAsync(buffer, _stopping.Token);
            }
            catch (SocketException)
            {
                continue;
            }
            if (_back.Cross(_conditions(), DelayLine.Now, bytes) is { } at) back.Put(buffer[..bytes], at);
        }
    }

    private static async ValueTask SendAsync(Func<ValueTask<int>> send)
    {
        try
        {
            await send();
        }
        catch (SocketException)
        {
            // Nobody is there: for UDP that is a packet lost.
        }
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
    {
        ReceiveBufferSize = SocketBufferBytes,
        SendBufferSize = SocketBufferBytes,
    };

    private sealed record Way(Socket Socket, DelayLine There)
    {
        public int Datagrams { get; set; }
    }
}
