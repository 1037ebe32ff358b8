using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using ChunkStream.Transport.Congestion;
using ChunkStream.Transport.Lanes;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Transport.Listeners;

/// <summary>Accepts TCP connections, each of which is one TLS 1.3 lane.</summary>
public sealed partial class TlsLaneListener : ILaneListener
{
    private readonly Socket _listener;
    private readonly SslServerAuthenticationOptions _tls;
    private readonly LaneListenerOptions _options;
    private readonly ILogger<TlsLaneListener> _logger;
    private readonly TimeProvider _time;
    private int _connections;

    /// <exception cref="SocketException">The endpoint is in use or not ours.</exception>
    public TlsLaneListener(IPEndPoint endPoint, GatewayCertificate certificate, LaneListenerOptions options, ILogger<TlsLaneListener> logger, TimeProvider time)
    {
        _tls = GatewayTls.Options(certificate);
        (_options, _logger, _time) = (options, logger, time);
        _listener = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any)) _listener.DualMode = true;
            // Accepted connections inherit both.
            if (!TcpCongestion.TryApply(_listener, options.Congestion)) LogNoCongestion(options.Congestion);
            TcpBacklog.Limit(_listener);
            _listener.Bind(endPoint);
            _listener.Listen(512);
        }
        catch
        {
            _listener.Dispose();
            throw;
        }
    }

    public LaneKind Kind => LaneKind.Tls;

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public async Task RunAsync(Func<Lane, CancellationToken, Task> serve, CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException exception)
            {
                // The client went away before it was accepted, or we are out of descriptors: the next may do better.
                LogAcceptFailed(exception.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(50), _time, CancellationToken.None).ConfigureAwait(false);
                continue;
            }
            _ = ServeConnectionAsync(socket, serve, cancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task ServeConnectionAsync(Socket socket, Func<Lane, CancellationToken, Task> serve, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _connections) > _options.MaxConnections)
            {
                LogTooMany(_options.MaxConnections);
                return;
            }
            socket.NoDelay = true;
            await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
            using (var timeout = new CancellationTokenSource(_options.HandshakeTimeout, _time))
            using (var handshake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token))
                await stream.AuthenticateAsServerAsync(_tls, handshake.Token).ConfigureAwait(false);
            if (stream.NegotiatedApplicationProtocol != GatewayTls.Protocol)
            {
                LogHandshakeFailed($"the client didn't ask for the protocol {GatewayTls.Protocol}");
                return;
            }
            await serve(new TlsLane(stream, socket), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            LogHandshakeFailed(exception.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
            socket.Dispose();
        }
    }
}
