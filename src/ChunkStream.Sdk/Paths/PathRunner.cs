using ChunkStream.Core.Failures;
using ChunkStream.Transport.Lanes;
using ChunkStream.Transport.Paths;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Sdk.Paths;

/// <summary>
/// Keeps every path of a call up, while local addresses and gateways come and go. Gives up, with what was committed kept, when no path
/// has been up for <see cref="ChunkStreamClientOptions.ReconnectFor"/>, or at once when a gateway says that the transfer can't go on.
/// A path that fails costs the others nothing.
/// </summary>
internal sealed partial class PathRunner<T>(
    ChunkDispatcher<T> dispatcher, PathDialer dialer, ChunkStreamClientOptions options, TicketHolder ticket, HeadStart headStart, bool gatewaySends,
    TimeProvider time, ILogger logger)
    where T : class
{
    private const int CubicTlsLanes = 8;
    private static readonly TimeSpan LongestPauseWhileDown = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PathLink> _links = [];
    private readonly Dictionary<string, PathKeeper<T>> _keepers = [];
    private readonly PathPlanner _planner = new(options);
    private readonly long _startedAt = time.GetTimestamp();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LaneRunner? _runLane;
    private long _lastUpAt = time.GetTimestamp();
    private long _deliveredBytes;
    private bool _everUp;

    public PathDialer Dialer => dialer;

    public PathTiming Timing => options.Timing;

    public TimeProvider Time => time;

    /// <summary>Every path that a lane ran over, as it is now.</summary>
    public IReadOnlyList<PathLink> Links
    {
        get
        {
            lock (_lock) return [.. _links.Values.OrderBy(link => link.Key, StringComparer.Ordinal)];
        }
    }

    /// <summary>What each path has carried.</summary>
    public IReadOnlyList<PathSummary> Summaries => [.. Links.Select(link => link.Summary())];

    /// <summary>Whether any path is up.</summary>
    public bool IsUp => dispatcher.PathCount > 0;

    /// <summary>Whether a path was lost before: what its gateway said last may not have come.</summary>
    public bool HasLost { get; private set; }

    /// <summary>Runs until cancelled. Each lane that opens is given to <paramref name="runLane"/>.</summary>
    /// <exception cref="ChunkStreamException">No path is left, or the gateway ended the transfer.</exception>
    public async Task RunAsync(LaneRunner runLane, CancellationToken cancellationToken)
    {
        _runLane = runLane;
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using IDisposable watch = options.Addresses.Watch(Changed);
        List<(PathKeeper<T> Keeper, Task Running)> paths = [];
        try
        {
            while (true)
            {
                Task changed = ChangedTask();
                await AdoptAsync(paths, stopping.Token).ConfigureAwait(false);
                if (paths.Count == 0) throw new ChunkStreamException(FailureCode.NoGateway, "No gateway that holds the file can be reached from this machine's addresses.");
                Task poll = Task.Delay(Timing.AddressesEvery, time, stopping.Token);
                Task first = await Task.WhenAny([changed, poll, .. paths.Select(path => path.Running)]).ConfigureAwait(false);
                if (first != changed) await first.ConfigureAwait(false);
                paths.RemoveAll(path => path.Running.IsCompletedSuccessfully);
            }
        }
        finally
        {
            await stopping.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(paths.Select(path => path.Running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Opens one lane on the first path that stands, for something that is done once.</summary>
    /// <exception cref="ChunkStreamException">No path led to a gateway, or it refused for good.</exception>
    public async Task OnceAsync(Func<Lane, CancellationToken, Task> runLane, CancellationToken cancellationToken)
    {
        for (int failures = 1; ; failures++)
        {
            LaneException? lost = null;
            foreach (PlannedPath path in (await _planner.PlanAsync(ticket.Opening.Gateways, cancellationToken).ConfigureAwait(false)).OrderBy(path => path.Rank))
            {
                Task<IPathConnection>? used = null, next = null;
                try
                {
                    used = Task.FromResult(await DialAsync(path, cancellationToken).ConfigureAwait(false));
                    // The chunks get a connection of their own, dialled meanwhile: over QUIC BBR takes this trickle for all that the path carries,
                    // and over TLS each lane is a connection.
                    next = dialer.DialAsync(path.Address, used.Result.Kind == LaneKind.Quic ? LaneChoice.Quic : LaneChoice.Tls, cancellationToken);
                    Lane lane = await RunOneAsync(used.Result, runLane, cancellationToken).ConfigureAwait(false);
                    _ = EndAsync(lane, used);
                    used = null;
                    if (next is { IsFaulted: false } && headStart.TryKeep(path, next)) next = null;
                    return;
                }
                catch (LaneException exception)
                {
                    lost = exception;
                }
                finally
                {
                    if (used is not null) _ = PathDialer.DropAsync(used);
                    if (next is not null) _ = PathDialer.DropAsync(next);
                }
            }
            if (lost is null) throw new ChunkStreamException(FailureCode.NoGateway, "No gateway that holds the file is there now.");
            if (PathFailures.IsGateways(lost.Code)) throw new ChunkStreamException(lost.Code, lost.Message, lost);
            await RecoverAsync(null, lost, failures, TimeSpan.FromSeconds(0.1 * failures), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Dials a path, unless that was done already.</summary>
    /// <exception cref="LaneException">It didn't lead to the gateway.</exception>
    public async Task<IPathConnection> DialAsync(PlannedPath path, CancellationToken cancellationToken)
    {
        if (headStart.Take(path) is not { } dialled) return await dialer.DialAsync(path.Address, cancellationToken).ConfigureAwait(false);
        try
        {
            return await dialled.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It goes on without us, and may stand later.
            _ = PathDialer.DropAsync(dialled);
            throw;
        }
    }

    /// <summary>A lane was welcomed: the path is up.</summary>
    public void Up(PathLink link, Lane lane)
    {
        link.Vitals.Opened(lane);
        lock (_lock)
        {
            if (!_everUp) (_everUp, _lastUpAt) = (true, time.GetTimestamp());
        }
    }

    /// <summary>A connection that stands, ready to run.</summary>
    public LiveConnection<T> Start(PlannedPath path, IPathConnection connection, bool isFirst)
    {
        HasLost |= !isFirst;
        bool isQuic = connection.Kind == LaneKind.Quic;
        int lanes = isQuic ? options.QuicLanes : connection.WithstandsLoss ? options.TlsLanes : Math.Max(options.TlsLanes, CubicTlsLanes);
        // TCP's congestion control keeps a pace itself.
        PathLink link = LinkOf(connection, path.Rank);
        return new(
            connection, token => dialer.DialAsync(path.Address, LaneChoice.Quic, token), lanes, link, dispatcher, _runLane!, isQuic ? MeterAsync : null, Timing, time);
    }

    /// <summary>A connection was lost.</summary>
    public void Failed(PathLink link)
    {
        link.Vitals.Failed();
        lock (_lock)
        {
            link.Failures++;
            // It was up where it delivered, or stood for a while and was heard until lately. A gateway that only welcomes, or says nothing
            // more, or takes nothing, isn't; nor is one that can't be dialled any more.
            long deliveredBytes = _links.Values.Sum(one => one.DeliveredBytes);
            bool wasUp = deliveredBytes > _deliveredBytes || (!link.Vitals.IsStuck && link.Vitals.Stood > Timing.UpFor && link.Vitals.Silence < Timing.UpFor);
            if (_everUp && wasUp) _lastUpAt = time.GetTimestamp();
            _deliveredBytes = deliveredBytes;
        }
        // The others shouldn't sleep on what may be the last way.
        if (!IsUp) Changed();
    }

    /// <summary>Waits until a path is worth another try.</summary>
    /// <exception cref="ChunkStreamException">The call can't go on.</exception>
    public async Task RecoverAsync(PlannedPath? path, LaneException lost, int failures, TimeSpan pause, CancellationToken cancellationToken)
    {
        if (path is not null) LogLost(path.Address.LocalAddress?.ToString() ?? "any address", path.Address.EndPoint.ToString() ?? "", lost.Code.ToName(), lost.Message);
        if (PathFailures.IsFinal(lost.Code)) throw new ChunkStreamException(lost.Code, lost.Message, lost);
        TimeSpan down;
        lock (_lock)
        {
            down = IsUp ? TimeSpan.Zero : time.GetElapsedTime(_everUp ? _lastUpAt : _startedAt);
            if (!IsUp && _keepers.Count > 0 && _keepers.Values.All(keeper => keeper.Unusable is not null))
                throw new ChunkStreamException(lost.Code, lost.Message, lost);
        }
        if (down > options.ReconnectFor)
            throw new ChunkStreamException(FailureCode.Unreachable, $"No path to the service for {down.TotalSeconds:0} s. What was committed is kept. The last reason: {lost.Message}", lost);

        Task changed = ChangedTask();
        if (!IsUp && pause > LongestPauseWhileDown) pause = LongestPauseWhileDown;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(pause, time, waiting.Token), changed).ConfigureAwait(false);
        await waiting.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (lost.Code is FailureCode.TicketExpired or FailureCode.TicketInvalid || (failures > 1 && !IsUp))
            await ticket.RenewAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Lane> RunOneAsync(IPathConnection connection, Func<Lane, CancellationToken, Task> runLane, CancellationToken cancellationToken)
    {
        Lane lane = await connection.OpenLaneAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await runLane(lane, cancellationToken).ConfigureAwait(false);
            return lane;
        }
        catch
        {
            await lane.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // A lane's good end is a round trip, for which nobody has to wait. To cut it off instead costs a new process a tenth of a second: the
    // runtime writes down where that was done, with files and lines.
    private async Task EndAsync(Lane lane, Task<IPathConnection> used)
    {
        using var timeout = new CancellationTokenSource(Timing.WelcomeWithin, time);
        try
        {
            await lane.CloseAsync(timeout.Token).ConfigureAwait(false);
            await lane.ReadHeaderAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is LaneException or OperationCanceledException)
        {
        }
        finally
        {
            await lane.DisposeAsync().ConfigureAwait(false);
            await PathDialer.DropAsync(used).ConfigureAwait(false);
        }
    }

    private Task MeterAsync(Lane lane, PathLink link, Func<double> share, CancellationToken cancellationToken) =>
        new PathMeter<T>(lane, ticket.Ticket, link, share, dispatcher, gatewaySends, time).RunAsync(cancellationToken);

    // Starts paths that there should be now, and ends those that there shouldn't.
    private async Task AdoptAsync(List<(PathKeeper<T> Keeper, Task Running)> paths, CancellationToken cancellationToken)
    {
        IReadOnlyList<PlannedPath> planned = await _planner.PlanAsync(ticket.Opening.Gateways, cancellationToken).ConfigureAwait(false);
        // A service that just starts may name no gateway yet; those that were named may still be there.
        if (planned.Count == 0) return;
        HashSet<string> ids = [.. planned.Select(path => path.Id)];
        lock (_lock)
        {
            foreach (string gone in _keepers.Keys.Where(id => !ids.Contains(id)).ToArray())
            {
                LogGone(gone[..gone.IndexOf('#', StringComparison.Ordinal)]);
                _keepers.Remove(gone, out PathKeeper<T>? keeper);
                keeper!.Leave();
            }
            foreach (PlannedPath path in planned)
            {
                if (_keepers.ContainsKey(path.Id)) continue;
                var keeper = new PathKeeper<T>(path, this);
                _keepers.Add(path.Id, keeper);
                paths.Add((keeper, keeper.RunAsync(cancellationToken)));
            }
        }
    }

    private void Changed()
    {
        TaskCompletionSource changed;
        lock (_lock) (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        changed.SetResult();
    }

    private Task ChangedTask()
    {
        lock (_lock) return _changed.Task;
    }

    private PathLink LinkOf(IPathConnection connection, int rank)
    {
        lock (_lock)
        {
            if (_links.TryGetValue(connection.Key, out PathLink? link)) return link;
            _links.Add(connection.Key, link = new(connection.Key, connection.Kind, time, rank, headStart.Of(connection.Key)));
            return link;
        }
    }
}
