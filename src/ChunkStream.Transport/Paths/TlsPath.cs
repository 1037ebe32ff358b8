using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using ChunkStream.Transport.Congestion;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Transport.Paths;

/// <summary>A path over TCP; each lane is a TLS 1.3 connection of its own.</summary>
internal sealed class TlsPath : IPathConnection
{
    private readonly PathAddress _address;
    private readonly CongestionControl _congestion;
    private Lane? _first;

    private TlsPath(PathAddress address, CongestionControl congestion, (Lane Lane, bool HasCongestion) first)
    {
        (_address, _congestion) = (address, congestion);
        (_first, HasCongestion) = first;
        Key = address.KeyOf(first.Lane.LocalEndPoint, "tls");
    }

    public LaneKind Kind => LaneKind.Tls;

    public string Key { get; }

    /// <summary>Whether the kernel runs the lanes with the congestion control that was asked for, and not its default.</summary>
    public bool HasCongestion { get; }

    public bool IsHeard => true;

    public bool WithstandsLoss => HasCongestion && _congestion == CongestionControl.Bbr;

    /// <summary>Dials the first lane, which shows that the path is there.</summary>
    public static async ValueTask<TlsPath> DialAsync(PathAddress address, CongestionControl congestion, CancellationToken cancellationToken) =>
        new(address, congestion, await DialLaneAsync(address, congestion, cancellationToken).ConfigureAwait(false));

    public void SharePaceOf(IPathConnection other)
    {
    }

    public async ValueTask<Lane> OpenLaneAsync(CancellationToken cancellationToken) =>
        Interlocked.Exchange(ref _first, null) ?? (await DialLaneAsync(_address, _congestion, cancellationToken).ConfigureAwait(false)).Lane;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _first, null) is { } unused) await unused.DisposeAsync().ConfigureAwait(false);
    }

    private static async ValueTask<(Lane Lane, bool HasCongestion)> DialLaneAsync(
        PathAddress address, CongestionControl congestion, CancellationToken cancellationToken)
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
            bool hasCongestion = TcpCongestion.TryApply(socket, congestion);
            TcpBacklog.Limit(socket);
            await socket.ConnectAsync(address.EndPoint, cancellationToken).ConfigureAwait(false);
            stream = new(new NetworkStream(socket, ownsSocket: true));
            await stream.AuthenticateAsClientAsync(pin.Options(), cancellationToken).ConfigureAwait(false);
            return (new TlsLane(stream, socket), hasCongestion);
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
