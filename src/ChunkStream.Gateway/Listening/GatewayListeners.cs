using System.Net;
using ChunkStream.Gateway.Handshake;
using ChunkStream.Transport.Listeners;
using ChunkStream.Transport.Paths;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Listening;

/// <summary>Listens for lanes on every endpoint, over TLS and, where it is supported, over QUIC on the same port.</summary>
internal sealed partial class GatewayListeners(
    GatewayOptions options, GatewayIdentity identity, LaneServer lanes, ILoggerFactory loggers, ILogger<GatewayListeners> logger, TimeProvider time)
    : IHostedService, IAsyncDisposable
{
    private readonly List<ILaneListener> _listeners = [];
    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Whether lanes may run over QUIC.</summary>
    public bool HasQuic { get; } = options.EnableQuic && PathDialer.IsQuicSupported;

    /// <summary>The endpoints that clients are told, with their real ports.</summary>
    public IReadOnlyList<string> Advertised { get; private set; } = [];

    /// <exception cref="GatewayListenException">An endpoint is in use, or isn't this machine's.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var advertised = new List<string>();
        for (int i = 0; i < options.Listen.Count; i++)
        {
            IPEndPoint endPoint = await ListenAsync(IPEndPoint.Parse(options.Listen[i]), cancellationToken).ConfigureAwait(false);
            advertised.Add(options.Advertise?[i] ?? endPoint.ToString());
        }
        Advertised = advertised;
        foreach (ILaneListener listener in _listeners) _running.Add(listener.RunAsync(lanes.ServeAsync, _stopping.Token));
        LogListening(identity.Id, string.Join(", ", advertised), HasQuic ? "QUIC and TLS" : "TLS");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (ILaneListener listener in _listeners) await listener.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_running).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await lanes.DrainedAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ILaneListener listener in _listeners) await listener.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task<IPEndPoint> ListenAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        // A port that is free for TCP may be taken for UDP; where the system chooses, it chooses again.
        for (int attempt = 1; ; attempt++)
        {
            TlsLaneListener? tls = null;
            try
            {
                tls = new(endPoint, identity.Certificate, options.Listener, loggers.CreateLogger<TlsLaneListener>(), time);
#pragma warning disable CA1416 // HasQuic asked.
                if (HasQuic)
                    _listeners.Add(await QuicLaneListener.StartAsync(
                        tls.EndPoint, identity.Certificate, options.Listener, loggers.CreateLogger<QuicLaneListener>(), time, cancellationToken).ConfigureAwait(false));
#pragma warning restore CA1416
                _listeners.Add(tls);
                return tls.EndPoint;
            }
            catch (Exception exception) when (exception is System.Net.Sockets.SocketException or System.Net.Quic.QuicException)
            {
                if (tls is not null) await tls.DisposeAsync().ConfigureAwait(false);
                if (endPoint.Port == 0 && attempt < 8) continue;
                throw new GatewayListenException($"The gateway can't listen on {endPoint}: {exception.Message}", exception);
            }
        }
    }
}
