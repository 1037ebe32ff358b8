using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Runtime.Versioning;
using ChunkStream.Core.Failures;
using ChunkStream.Protocol;
using ChunkStream.Transport.Congestion;
using ChunkStream.Transport.Lanes;
using ChunkStream.Transport.Paths;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Transport.Listeners;

/// <summary>Accepts QUIC connections, and lanes on each.</summary>
[SupportedOSPlatform("linux"), SupportedOSPlatform("macos"), SupportedOSPlatform("windows")]
public sealed partial class QuicLaneListener : ILaneListener
{
    private readonly QuicListener _listener;
    private readonly LaneListenerOptions _options;
    private readonly ILogger<QuicLaneListener> _logger;
    private readonly TimeProvider _time;
    private int _connections;

    private QuicLaneListener(QuicListener listener, LaneListenerOptions options, ILogger<QuicLaneListener> logger, TimeProvider time) =>
        (_listener, _options, _logger, _time) = (listener, options, logger, time);

    public LaneKind Kind => LaneKind.Quic;

    public IPEndPoint EndPoint => _listener.LocalEndPoint;

    public static async ValueTask<QuicLaneListener> StartAsync(
        IPEndPoint endPoint, GatewayCertificate certificate, LaneListenerOptions options, ILogger<QuicLaneListener> logger, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var connectionOptions = new QuicServerConnectionOptions
        {
            ServerAuthenticationOptions = GatewayTls.Options(certificate),
            DefaultCloseErrorCode = (long)FailureCode.None,
            DefaultStreamErrorCode = (long)FailureCode.Cancelled,
            IdleTimeout = QuicSettings.IdleTimeout,
            HandshakeTimeout = options.HandshakeTimeout,
            InitialReceiveWindowSizes = QuicSettings.ReceiveWindows,
            MaxInboundBidirectionalStreams = options.MaxLanesPerConnection,
            MaxInboundUnidirectionalStreams = 0,
        };
        if (!QuicCongestion.TryApply(options.Congestion)) LogNoCongestion(logger, options.Congestion);
        QuicListener listener = await QuicListener.ListenAsync(
            new QuicListenerOptions
            {
                ListenEndPoint = endPoint,
                ListenBacklog = 256,
                ApplicationProtocols = [new SslApplicationProtocol(Alpn.ChunkStream1)],
                ConnectionOptionsCallback = (_, _, _) => ValueTask.FromResult(connectionOptions),
            },
            cancellationToken).ConfigureAwait(false);
        return new(listener, options, logger, time);
    }

    public async Task RunAsync(Func<Lane, CancellationToken, Task> serve, CancellationToken cancellationToken)
    {
        while (true)
        {
            QuicConnection connection;
            try
            {
                connection = await _listener.AcceptConnectionAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception exception) when (exception is QuicException or System.Security.Authentication.AuthenticationException)
            {
                // One client's handshake failed; the listener goes on.
                LogHandshakeFailed(exception.Message);
                continue;
            }
            _ = ServeConnectionAsync(connection, serve, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    private async Task ServeConnectionAsync(QuicConnection connection, Func<Lane, CancellationToken, Task> serve, CancellationToken cancellationToken)
    {
        await using (connection.ConfigureAwait(false))
        {
            var pacer = new LanePacer(_time);
            try
            {
                if (Interlocked.Increment(ref _connections) > _options.MaxConnections)
                {
                    LogTooMany(_options.MaxConnections);
                    await connection.CloseAsync((long)FailureCode.LimitReached, cancellationToken).ConfigureAwait(false);
                    return;
                }
                while (true)
                {
                    QuicStream stream = await connection.AcceptInboundStreamAsync(cancellationToken).ConfigureAwait(false);
                    _ = serve(new QuicLane(stream, connection, pacer), cancellationToken);
                }
            }
            catch (Exception exception) when (exception is QuicException or OperationCanceledException or ObjectDisposedException)
            {
                // The client has gone, or we are: its lanes see it themselves.
            }
            finally
            {
                Interlocked.Decrement(ref _connections);
            }
        }
    }
}
