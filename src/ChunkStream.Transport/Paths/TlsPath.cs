using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Transport.Paths;

/// <summary>A path over TCP; each lane is a TLS 1.3 connection of its own.</summary>
internal sealed class TlsPath : IPathConnection
{
    private readonly PathAddress _address;
    private Lane? _first;

    private TlsPath(PathAddress address, Lane first)
    {
        _address = address;
        _first = first;
        Key = address.KeyOf(first.LocalEndPoint, "tls");
    }

    public LaneKind Kind => LaneKind.Tls;

    public string Key { get; }

    /// <summary>Dials the first lane, which shows that the path is there.</summary>
    public static async ValueTask<IPathConnection> DialAsync(PathAddress address, CancellationToken cancellationToken) =>
        new TlsPath(address, await DialLaneAsync(address, cancellationToken).ConfigureAwait(false));

    public async ValueTask<Lane> OpenLaneAsync(CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _first, null) ?? await DialLaneAsync(_address, cancellationToken).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _first, null) is { } unused) await unused.DisposeAsync().ConfigureAwait(false);
    }

    private static async ValueTask<Lane> DialLaneAsync(PathAddress address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SslStream? stream = null;
        var pin = new GatewayPin(address);
        try
        {
            if (address.LocalEndPoint is { } local)
            {
                socket.Dispose();
                socket = new(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(local);
            }
            await socket.ConnectAsync(address.EndPoint, cancellationToken).ConfigureAwait(false);
            stream = new(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(pin.Options(), cancellationToken).ConfigureAwait(false);
            return new TlsLane(stream, socket);
        }
        catch (Exception exception)
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            if (exception is AuthenticationException or SocketException or IOException or ObjectDisposedException) throw pin.Failed("TLS", exception);
            throw;
        }
    }
}
