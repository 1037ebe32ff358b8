using System.Net;
using System.Threading.Channels;
using ChunkStream.Protocol.Frames;
using ChunkStream.Tests.Storage;
using ChunkStream.Transport.Lanes;
using ChunkStream.Transport.Listeners;
using ChunkStream.Transport.Paths;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChunkStream.Tests.Transport;

/// <summary>A gateway's listener on a free loopback port that hands its lanes to the test.</summary>
internal sealed class LaneHost : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<Lane> _lanes = Channel.CreateUnbounded<Lane>();
    private readonly GatewayCertificate _certificate;
    private TaskCompletionSource _held = new();
    private ILaneListener? _listener;
    private int _accepted;
    private Task _running = Task.CompletedTask;

    private LaneHost() => _certificate = GatewayCertificate.LoadOrCreate(_folder.Sub("gateway.pfx"));

    /// <summary>Lanes that were handed to the test so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    public IPEndPoint EndPoint => _listener!.EndPoint;

    public PathAddress Address => new(IPAddress.Loopback, EndPoint, _certificate.SpkiSha256, HasQuic: _listener!.Kind == LaneKind.Quic);

    public static async Task<LaneHost> StartAsync(LaneKind kind, LaneListenerOptions? options = null, TimeProvider? time = null, int port = 0)
    {
        var host = new LaneHost();
        var endPoint = new IPEndPoint(IPAddress.Loopback, port);
        options ??= new();
#pragma warning disable CA1416 // Tests with QUIC are skipped where it isn't supported.
        host._listener = kind == LaneKind.Quic
            ? await QuicLaneListener.StartAsync(endPoint, host._certificate, options, NullLogger<QuicLaneListener>.Instance, TimeProvider.System, default)
            : new TlsLaneListener(endPoint, host._certificate, options, NullLogger<TlsLaneListener>.Instance, time ?? TimeProvider.System);
#pragma warning restore CA1416
        host._running = host._listener.RunAsync(host.HoldAsync, host._stopping.Token);
        return host;
    }

    public static PathDialer Dialer(LaneKind kind) => Dialer(kind == LaneKind.Quic ? LaneChoice.Quic : LaneChoice.Tls);

    public static PathDialer Dialer(LaneChoice choice, TimeProvider? time = null) =>
        new(choice, NullLogger<PathDialer>.Instance, time ?? TimeProvider.System);

    /// <summary>Dials this listener the only way that it has.</summary>
    public Task<IPathConnection> DialAsync() => Dialer(_listener!.Kind).DialAsync(Address, default);

    /// <summary>The next lane that a client has opened.</summary>
    public Task<Lane> AcceptAsync() => Soon.DoneAsync("a lane to be accepted", _lanes.Reader.ReadAsync().AsTask());

    /// <summary>Both ends of a new lane.</summary>
    public async Task<LanePair> ConnectAsync()
    {
        IPathConnection path = await Soon.DoneAsync("the dial", DialAsync());
        Lane client = await path.OpenLaneAsync(default);
        // A QUIC stream exists for the other side from its first byte on.
        await client.WriteAsync(FrameHeader.Of(FrameType.Ping, 0), default);
        while (true)
        {
            // Over TLS a client that refuses our key has had a lane for a moment.
            Lane server = await AcceptAsync();
            if (await IsTalkedOnAsync(server)) return new(path, client, server);
        }
    }

    /// <summary>Ends the lanes that there are at our end: their listener takes them back.</summary>
    public void LetGo() => Interlocked.Exchange(ref _held, new()).SetResult();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listener!.DisposeAsync();
        await Soon.DoneAsync("the listener to end", _running);
        _stopping.Dispose();
        _certificate.Dispose();
        _folder.Dispose();
    }

    private static async Task<bool> IsTalkedOnAsync(Lane lane)
    {
        try
        {
            return await Soon.DoneAsync("the first frame", lane.ReadHeaderAsync(default).AsTask()) is not null;
        }
        catch (LaneException)
        {
            return false;
        }
    }

    private async Task HoldAsync(Lane lane, CancellationToken cancellationToken)
    {
        Task held = Volatile.Read(ref _held).Task;
        _lanes.Writer.TryWrite(lane);
        Interlocked.Increment(ref _accepted);
        await held.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await lane.DisposeAsync();
    }
}
