using System.Net.Quic;
using System.Runtime.Versioning;
using System.Security.Authentication;
using ChunkStream.Core.Failures;
using ChunkStream.Transport.Congestion;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Transport.Paths;

/// <summary>A path over one QUIC connection; a lane is one of its streams.</summary>
[SupportedOSPlatform("linux"), SupportedOSPlatform("macos"), SupportedOSPlatform("windows")]
internal sealed class QuicPath : IPathConnection
{
    private readonly QuicConnection _connection;
    private readonly FirstFlight _firstFlight = new();
    private LanePacer _pacer;

    private QuicPath(QuicConnection connection, PathAddress address, TimeProvider time)
    {
        (_connection, _pacer) = (connection, new(time));
        Key = address.KeyOf(connection.LocalEndPoint, "quic");
    }

    public LaneKind Kind => LaneKind.Quic;

    public string Key { get; }

    public bool WithstandsLoss => QuicCongestion.Applied == CongestionControl.Bbr;

    public bool IsHeard => _firstFlight.IsOver;

    /// <exception cref="LaneException">The gateway can't be reached over QUIC, or its key isn't the pinned one.</exception>
    public static async ValueTask<IPathConnection> DialAsync(PathAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var pin = new GatewayPin(address);
        try
        {
            QuicConnection connection = await QuicConnection.ConnectAsync(
                new QuicClientConnectionOptions
                {
                    RemoteEndPoint = address.EndPoint,
                    LocalEndPoint = address.LocalEndPoint,
                    ClientAuthenticationOptions = pin.Options(),
                    DefaultCloseErrorCode = (long)FailureCode.None,
                    DefaultStreamErrorCode = (long)FailureCode.Cancelled,
                    IdleTimeout = QuicSettings.IdleTimeout,
                    KeepAliveInterval = QuicSettings.KeepAlive,
                    InitialReceiveWindowSizes = QuicSettings.ReceiveWindows,
                    MaxInboundBidirectionalStreams = 0,
                    MaxInboundUnidirectionalStreams = 0,
                },
                cancellationToken).ConfigureAwait(false);
            return new QuicPath(connection, address, time);
        }
        catch (Exception exception) when (exception is AuthenticationException or QuicException or IOException or System.Net.Sockets.SocketException)
        {
            throw pin.Failed("QUIC", exception);
        }
    }

    public void SharePaceOf(IPathConnection other)
    {
        if (other is not QuicPath path) return;
        _pacer = path._pacer;
    }

    public async ValueTask<Lane> OpenLaneAsync(CancellationToken cancellationToken)
    {
        try
        {
            QuicStream stream = await _connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, cancellationToken).ConfigureAwait(false);
            return new QuicLane(stream, _connection, _pacer, _firstFlight);
        }
        catch (Exception exception) when (exception is QuicException or IOException or ObjectDisposedException)
        {
            throw new LaneException(FailureCode.PathLost, $"The path {Key} is gone: {exception.Message}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync().ConfigureAwait(false);
    }
}
