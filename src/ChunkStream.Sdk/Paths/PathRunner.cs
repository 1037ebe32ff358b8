using System.Net;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk.Control;
using ChunkStream.Transport.Lanes;
using ChunkStream.Transport.Paths;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Sdk.Paths;

/// <summary>
/// Keeps every path of a call up: dials it, runs its lanes, and when it is lost dials again after a growing pause. Gives up, with
/// what was committed kept, when no path has been up for <see cref="ChunkStreamClientOptions.ReconnectFor"/>, or at once when a gateway
/// says that the transfer can't go on.
/// </summary>
internal sealed partial class PathRunner<T>(
    ChunkDispatcher<T> dispatcher, PathDialer dialer, ChunkStreamClientOptions options, TicketHolder ticket, bool gatewaySends, TimeProvider time,
    ILogger logger)
    where T : class
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PathLink> _links = [];
    private readonly long _startedAt = time.GetTimestamp();
    private long _lastUpAt = time.GetTimestamp();
    private bool _everUp;

    /// <summary>What each path has carried.</summary>
    public IReadOnlyList<PathSummary> Summaries
    {
        get
        {
            lock (_lock) return [.. _links.Values.Select(link => link.Summary()).OrderBy(path => path.Key, StringComparer.Ordinal)];
        }
    }

    /// <summary>Everything that was measured on each path, for the path grains.</summary>
    public IReadOnlyList<PathReport> Reports(TimeSpan elapsed)
    {
        lock (_lock)
            return [.. _links.Values.Select(link => new PathReport
            {
                Key = link.Key,
                RoundTripMs = link.RoundTrip == TimeSpan.Zero ? null : link.RoundTrip.TotalMilliseconds,
                BytesPerSecond = link.BytesPerSecond ?? (link.DeliveredBytes > 0 ? link.DeliveredBytes / elapsed.TotalSeconds : null),
                Bytes = link.DeliveredBytes,
                Chunks = link.DeliveredChunks,
                Failures = link.Failures,
            })];
    }

    /// <summary>Whether any path is up.</summary>
    public bool IsUp => dispatcher.PathCount > 0;

    /// <summary>Runs until cancelled. Each lane that opens is given to <paramref name="runLane"/>, which returns only by exception.</summary>
    /// <exception cref="ChunkStreamException">No path is left, or the gateway ended the transfer.</exception>
    public async Task RunAsync(Func<Lane, PathLink, CancellationToken, Task> runLane, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] paths = [.. Addresses().Select(address => RunPathAsync(address, runLane, stopping.Token))];
        Task first = await Task.WhenAny(paths).ConfigureAwait(false);
        await stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(paths).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    /// <summary>Opens one lane on the first path that stands, for something that is done once.</summary>
    /// <exception cref="ChunkStreamException">No path led to a gateway, or it refused for good.</exception>
    public async Task OnceAsync(Func<Lane, CancellationToken, Task> runLane, CancellationToken cancellationToken)
    {
        for (int failures = 0; ; failures++)
        {
            LaneException? lost = null;
            foreach (PathAddress address in Addresses())
            {
                try
                {
                    await using IPathConnection connection = await dialer.DialAsync(address, cancellationToken).ConfigureAwait(false);
                    await using Lane lane = await connection.OpenLaneAsync(cancellationToken).ConfigureAwait(false);
                    await runLane(lane, cancellationToken).ConfigureAwait(false);
                    return;
                }
                catch (LaneException exception)
                {
                    lost = exception;
                }
            }
            if (lost is null) throw new ChunkStreamException(FailureCode.NoGateway, "No gateway that holds the file is there now.");
            await RecoverAsync(lost, failures, cancellationToken).ConfigureAwait(false);
        }
    }

    private IEnumerable<PathAddress> Addresses()
    {
        foreach (GatewayAddress gateway in ticket.Opening.Gateways)
        {
            foreach (string text in gateway.Endpoints)
            {
                if (!PathAddress.TryParseEndPoint(text, out EndPoint? endPoint))
                    throw new ChunkStreamException(FailureCode.InvalidRequest, $"The service named a gateway at '{text}', which isn't host:port.");
                if (options.LocalAddresses is not { Count: > 0 } locals)
                {
                    yield return new(null, endPoint!, gateway.SpkiSha256, gateway.HasQuic);
                    continue;
                }
                foreach (IPAddress local in locals) yield return new(local, endPoint!, gateway.SpkiSha256, gateway.HasQuic);
            }
        }
    }

    private async Task RunPathAsync(PathAddress address, Func<Lane, PathLink, CancellationToken, Task> runLane, CancellationToken cancellationToken)
    {
        for (int failures = 0; ; failures++)
        {
            LaneException lost;
            try
            {
                await using IPathConnection connection = await dialer.DialAsync(address, cancellationToken).ConfigureAwait(false);
                PathLink link = LinkOf(connection);
                failures = await RunConnectionAsync(connection, link, runLane, cancellationToken).ConfigureAwait(false) ? 0 : failures;
                continue;
            }
            catch (LaneException exception)
            {
                lost = exception;
            }
            cancellationToken.ThrowIfCancellationRequested();
            LogLost(address.EndPoint.ToString() ?? "", lost.Code.ToName(), lost.Message);
            await RecoverAsync(lost, failures, cancellationToken).ConfigureAwait(false);
        }
    }

    // Runs a connection's lanes until the first is lost; then all of them end, and the path is dialled again.
    private async Task<bool> RunConnectionAsync(
        IPathConnection connection, PathLink link, Func<Lane, PathLink, CancellationToken, Task> runLane, CancellationToken cancellationToken)
    {
        int count = connection.Kind == LaneKind.Quic ? options.QuicLanes : options.TlsLanes;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        dispatcher.Add(link);
        try
        {
            // TCP's congestion control keeps a pace itself.
            IEnumerable<Task> meters = connection.Kind == LaneKind.Quic ? [RunLaneAsync(connection, link, MeterAsync, ending.Token)] : [];
            Task[] lanes = [.. Enumerable.Range(0, count).Select(_ => RunLaneAsync(connection, link, runLane, ending.Token)), .. meters];
            Task first = await Task.WhenAny(lanes).ConfigureAwait(false);
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(lanes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await first.ConfigureAwait(false);
            return true;
        }
        finally
        {
            dispatcher.Remove(link);
            lock (_lock)
            {
                if (!cancellationToken.IsCancellationRequested) link.Failures++;
                if (_everUp) _lastUpAt = time.GetTimestamp();
            }
        }
    }

    private async Task MeterAsync(Lane lane, PathLink link, CancellationToken cancellationToken)
    {
        await LaneOpening.OpenAsync(lane, ticket.Ticket, time, cancellationToken).ConfigureAwait(false);
        await new PathMeter<T>(lane, link, dispatcher, gatewaySends, time).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task RunLaneAsync(
        IPathConnection connection, PathLink link, Func<Lane, PathLink, CancellationToken, Task> runLane, CancellationToken cancellationToken)
    {
        await using Lane lane = await connection.OpenLaneAsync(cancellationToken).ConfigureAwait(false);
        await runLane(lane, link, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A lane was welcomed: the path is up.</summary>
    public void Up()
    {
        lock (_lock) (_everUp, _lastUpAt) = (true, time.GetTimestamp());
    }

    private PathLink LinkOf(IPathConnection connection)
    {
        lock (_lock)
        {
            if (!_links.TryGetValue(connection.Key, out PathLink? link)) _links.Add(connection.Key, link = new(connection.Key, connection.Kind, time));
            return link;
        }
    }

    private async Task RecoverAsync(LaneException lost, int failures, CancellationToken cancellationToken)
    {
        if (IsFinal(lost.Code)) throw new ChunkStreamException(lost.Code, lost.Message, lost);
        TimeSpan down;
        lock (_lock) down = dispatcher.PathCount > 0 ? TimeSpan.Zero : time.GetElapsedTime(_everUp ? _lastUpAt : _startedAt);
        if (down > options.ReconnectFor)
            throw new ChunkStreamException(FailureCode.Unreachable, $"No path to the service for {down.TotalSeconds:0} s. What was committed is kept. The last reason: {lost.Message}", lost);

        double pause = Math.Min(FirstPause.TotalSeconds * Math.Pow(2, Math.Min(failures, 10)), LongestPause.TotalSeconds);
        await Task.Delay(TimeSpan.FromSeconds(pause * (0.5 + Random.Shared.NextDouble() / 2)), time, cancellationToken).ConfigureAwait(false);
        if (lost.Code is FailureCode.TicketExpired or FailureCode.TicketInvalid || failures > 0)
            await ticket.RenewAsync(cancellationToken).ConfigureAwait(false);
    }

    // What no other path and no later time would change.
    private static bool IsFinal(FailureCode code) => code is FailureCode.Paused or FailureCode.TransferNotOpen or FailureCode.Cancelled
        or FailureCode.NotFound or FailureCode.StoreFull or FailureCode.ChunkOutsideLayout or FailureCode.ChunkLengthWrong
        or FailureCode.VersionUnsupported or FailureCode.FrameUnknown or FailureCode.FrameTooLong or FailureCode.PinMismatch
        or FailureCode.ManifestInvalid or FailureCode.ChunksMissing or FailureCode.InvalidLayout;
}
