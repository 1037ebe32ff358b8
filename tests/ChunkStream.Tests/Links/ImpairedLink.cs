using System.Net;

namespace ChunkStream.Tests.Links;

/// <summary>A link to a gateway, for UDP and TCP on one port, that a test makes as bad as it likes while it is in use.</summary>
internal sealed class ImpairedLink : IAsyncDisposable
{
    private readonly TcpRelay _tcp;
    private readonly UdpRelay _udp;
    private volatile LinkConditions _tcpConditions = LinkConditions.Clean, _udpConditions = LinkConditions.Clean;

    public ImpairedLink(IPEndPoint target, int seed = 1)
    {
        _tcp = new(target, () => _tcpConditions, seed);
        try
        {
            _udp = new(_tcp.EndPoint, target, () => _udpConditions, seed);
        }
        catch (System.Net.Sockets.SocketException)
        {
            _tcp.DisposeAsync().AsTask().Wait();
            throw;
        }
    }

    /// <summary>Where a client reaches the gateway over this link.</summary>
    public IPEndPoint EndPoint => _tcp.EndPoint;

    public LinkConditions Udp { get => _udpConditions; set => _udpConditions = value; }

    public LinkConditions Tcp { get => _tcpConditions; set => _tcpConditions = value; }

    public LinkConditions Both { set => _tcpConditions = _udpConditions = value; }

    public async ValueTask DisposeAsync()
    {
        await _tcp.DisposeAsync();
        await _udp.DisposeAsync();
    }
}
