using ChunkStream.Core.Failures;
using ChunkStream.Transport.Lanes;
using ChunkStream.Transport.Paths;

namespace ChunkStream.Sdk.Paths;

/// <summary>
/// A path while it stands: opens lanes as there is work for them, pings, and notices when nothing comes back. Ends when a lane is lost.
/// <para>
/// BBR stops each connection that is ten seconds old for some 250 ms, to measure, and what gathers behind it meanwhile overflows the path's
/// queue. So a long path gets another connection before that, to which the lanes move one by one.
/// </para>
/// </summary>
internal sealed class LiveConnection<T>(
    IPathConnection connection, Func<CancellationToken, Task<IPathConnection>> dial, int maxLanes, PathLink link, ChunkDispatcher<T> dispatcher,
    LaneRunner runLane, Func<Lane, PathLink, Func<double>, CancellationToken, Task>? runMeter, PathTiming timing, TimeProvider time) : IDisposable
    where T : class
{
    // More would only buffer more where a lost packet is soon there again, and of TLS's each costs a share of a processor.
    private const int QuicLanesOfShortPath = 16, TlsLanesOfShortPath = 2;

    // Of a QUIC connection, where there is something for each. Opened together, none waits until another's first chunk has crossed.
    private const int FirstQuicLanes = 8;

    private static readonly TimeSpan FirstGrowth = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SlowestGrowth = TimeSpan.FromMilliseconds(200);

    // Paths on which a quarter of a second is worth a handshake.
    private static readonly TimeSpan LongRoundTrip = TimeSpan.FromMilliseconds(10);

    // A new connection's window doubles each round trip; so long it may take until it carries everything.
    private static readonly TimeSpan MoveWithin = TimeSpan.FromSeconds(1);

    // Of the pace, for a connection whose lanes still come: BBR takes a trickle for all that the path carries.
    private const double LeastShareOfNew = 0.25;

    // A lane that ends in good order says so to the other side, which has so long to be reached.
    private static readonly TimeSpan GoodEndWithin = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _abandoned = new();
    private ConnectionLanes? _current, _leaving;
    private Task<IPathConnection>? _renewing;
    private Task _left = Task.CompletedTask;
    private bool _mayRenew = connection is { Kind: LaneKind.Quic, WithstandsLoss: true };
    private int _pinging, _takes;
    private bool _isDisposed;

    public LaneKind Kind => connection.Kind;

    public PathLink Link => link;

    /// <summary>Whether a lane was welcomed.</summary>
    public bool WasUp => link.Vitals.IsWelcomed;

    /// <summary>Runs until a lane is lost, or the drain is done. Every chunk that it took is delivered or given back then.</summary>
    /// <exception cref="LaneException">A lane was lost, or the gateway refused, or the path is silent.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        link.Vitals.Connected();
        dispatcher.Add(link);
        Interlocked.Exchange(ref _takes, 1);
        _current = LanesOf(connection, ending.Token);
        int most = connection.Kind == LaneKind.Quic ? Math.Min(FirstQuicLanes, maxLanes) : 1;
        for (int lanes = Math.Clamp(dispatcher.WaitingCount, 1, most); lanes > 0; lanes--) _current.Open();
        Task watching = WatchAsync(ending.Token), drained = DrainedAsync(ending.Token);
        try
        {
            TimeSpan pause = FirstGrowth;
            while (true)
            {
                Task next = Task.Delay(pause, time, ending.Token);
                // At once: BBR takes a connection that idles for three round trips for one that carries little.
                Task renewed = _renewing ?? next;
                Task first = await Task.WhenAny([.. _current.Running, .. _leaving?.Running ?? [], watching, drained, renewed, next]).ConfigureAwait(false);
                if (first == drained && drained.IsCompletedSuccessfully) return;
                if (_leaving?.Forget() == true)
                {
                    if (_leaving.CarryingCount > 0) continue;
                    (_left, _leaving) = (Task.WhenAll(_left, EndAsync(_leaving)), null);
                }
                else if (first == renewed || (first == next && !next.IsCanceled))
                {
                    pause = Renew(ending.Token) ?? Grow(_current, pause);
                }
                else
                {
                    // On a path that is lost the other lanes can't end in good order.
                    if (first.IsFaulted) Abandon();
                    await first.ConfigureAwait(false);
                    return;
                }
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(_current.EndAsync(), _leaving?.EndAsync() ?? Task.CompletedTask, watching, drained).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            TakeNoMore();
            if (_renewing is not null) _ = PathDialer.DropAsync(_renewing);
            await Task.WhenAll(IsDead ? Task.CompletedTask : _left, LetGoAsync(_current.Connection), _leaving is null ? Task.CompletedTask : LetGoAsync(_leaving.Connection)).ConfigureAwait(false);
        }
    }

    /// <summary>Takes no more chunks, and ends in good order when what is in flight has arrived or had its time.</summary>
    public void Drain()
    {
        TakeNoMore();
        Cancel(_draining);
    }

    /// <summary>Cuts every lane off at once: nothing is waited for that crosses this path.</summary>
    public void Abandon()
    {
        // First, or what one lane gives back another would take, and not know that it was committed.
        TakeNoMore();
        Cancel(_abandoned);
    }

    /// <summary>Waits until the path is suspected.</summary>
    public async Task SuspectedAsync(CancellationToken cancellationToken)
    {
        while (!link.Vitals.IsSuspect) await Task.Delay(timing.LookEvery, time, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _draining.Dispose();
            _abandoned.Dispose();
        }
    }

    // Once: a later connection of the same path may be in line by then.
    private void TakeNoMore()
    {
        if (Interlocked.Exchange(ref _takes, 0) == 1) dispatcher.Remove(link);
    }

    private void Cancel(CancellationTokenSource source)
    {
        lock (_lock)
            if (!_isDisposed) source.Cancel();
    }

    private ConnectionLanes LanesOf(IPathConnection connection, CancellationToken cancellationToken) => new(
        connection,
        (connection, retired, token) => RunLaneAsync(connection, (lane, token) => runLane(lane, link, retired, token), token),
        (lanes, token) => runMeter is null
            ? Task.Delay(Timeout.Infinite, token)
            : RunLaneAsync(lanes.Connection, (lane, token) => runMeter(lane, link, () => ShareOf(lanes), token), token),
        time, cancellationToken);

    private double ShareOf(ConnectionLanes lanes)
    {
        if (_leaving is not { CarryingCount: > 0 and int leaving }) return 1;
        double ofCurrent = Math.Max(_current!.CarryingCount / (double)(_current.CarryingCount + leaving), LeastShareOfNew);
        return lanes == _current ? ofCurrent : 1 - ofCurrent;
    }

    // Answers with how long to wait until the next look.
    private TimeSpan Grow(ConnectionLanes lanes, TimeSpan pause)
    {
        // As many as a short path gets don't wait until the round trip is known.
        bool isMeasured = link.RoundTrip > TimeSpan.Zero;
        int most = link.RoundTrip >= LongRoundTrip ? maxLanes : Math.Min(maxLanes, LanesOfShortPath);
        if (lanes.Count >= most) return isMeasured ? SlowestGrowth : pause;
        bool wanted = dispatcher.WantsLane(link) && !_draining.IsCancellationRequested;
        // Twice as many each time: a fast path has all of its lanes within a few hundredths of a second.
        for (int more = wanted ? Math.Min(lanes.Count, most - lanes.Count) : 0; more > 0; more--) lanes.Open();
        return wanted || !isMeasured || pause > SlowestGrowth ? pause : pause * 1.5;
    }

    // Answers with how long to wait until the next step; null where there is none to be made.
    private TimeSpan? Renew(CancellationToken cancellationToken)
    {
        if (_leaving is { Count: > 0 })
        {
            // A lane and the meter are all that a new connection gets before it is heard: lanes that are opened one by one are no silence.
            if (!_current!.Connection.IsHeard) return link.RoundTrip / 2;
            _current.Open();
            _leaving.RetireOne();
            return Shorter(link.RoundTrip / 2, MoveWithin / maxLanes);
        }
        if (_renewing is { IsCompletedSuccessfully: true })
        {
            IPathConnection renewed = _renewing.Result;
            renewed.SharePaceOf(_current!.Connection);
            link.Vitals.ConnectedAlso();
            (_leaving, _current, _renewing) = (_current, LanesOf(renewed, cancellationToken), null);
            _current.Open();
            return link.RoundTrip / 2;
        }
        // A gateway that takes no second connection pauses now and then.
        if (_renewing is { IsCompleted: true }) (_mayRenew, _renewing) = (false, null);
        if (_mayRenew && _renewing is null && _leaving is null && IsDue) _renewing = dial(cancellationToken);
        return null;
    }

    // CUBIC needs many wherever packets are lost.
    private int LanesOfShortPath => connection.Kind == LaneKind.Quic ? QuicLanesOfShortPath : connection.WithstandsLoss ? TlsLanesOfShortPath : maxLanes;

    private bool IsDue =>
        _current!.Age >= timing.RenewAfter && link.RoundTrip >= LongRoundTrip && link.IsWell && !_draining.IsCancellationRequested;

    private async Task EndAsync(ConnectionLanes lanes)
    {
        await lanes.EndAsync().ConfigureAwait(false);
        await LetGoAsync(lanes.Connection).ConfigureAwait(false);
    }

    private async Task RunLaneAsync(IPathConnection connection, Func<Lane, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        using var opening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _abandoned.Token);
        Lane? lane = null;
        try
        {
            lane = await connection.OpenLaneAsync(opening.Token).ConfigureAwait(false);
            // Not by cancelling: a lane that is cancelled ends in good order, which on a dead path takes for ever.
            await using CancellationTokenRegistration cut = _abandoned.Token.UnsafeRegister(static lane => ((Lane)lane!).Abort(), lane);
            Task running = run(lane, cancellationToken);
            _ = CutOffLateAsync(lane, running, cancellationToken);
            await running.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_abandoned.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new LaneException(FailureCode.PathLost, $"The path {link.Key} was given up.");
        }
        finally
        {
            if (lane is not null)
            {
                link.Vitals.Closed(lane);
                await LetGoAsync(lane).ConfigureAwait(false);
            }
        }
    }

    private bool IsDead => _abandoned.IsCancellationRequested || link.Vitals.IsSuspect;

    // QUIC waits for the other side to hear that it closes; on a dead path that is seconds, which nobody has to wait for.
    private Task LetGoAsync(IAsyncDisposable resource)
    {
        Task disposing = resource.DisposeAsync().AsTask();
        return IsDead ? Task.CompletedTask : disposing;
    }

    private async Task CutOffLateAsync(Lane lane, Task running, CancellationToken cancellationToken)
    {
        await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!link.Vitals.IsSuspect) await Task.WhenAny(running, Task.Delay(GoodEndWithin, time, CancellationToken.None)).ConfigureAwait(false);
        if (!running.IsCompleted) lane.Abort();
    }

    private async Task DrainedAsync(CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _draining.Token);
        await Task.Delay(Timeout.Infinite, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        long startedAt = time.GetTimestamp();
        while (link.InFlightBytes > 0 && time.GetElapsedTime(startedAt) < timing.DrainWithin)
            await Task.Delay(timing.LookEvery / 5, time, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    // Looks for signs of life where there should be some: with chunks on their way.
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        long busySince = 0, takenAt = 0, taken = 0, pingedAt = 0, sampledAt = time.GetTimestamp(), deliveredChunks = link.DeliveredChunks;
        using var timer = new PeriodicTimer(timing.LookEvery, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            TimeSpan? networkSilence = link.Vitals.Measure();
            if (link.InFlightBytes == 0)
            {
                // With nothing on its way there is nothing to be heard.
                link.Vitals.Heard();
                (busySince, link.Vitals.IsSuspect) = (0, false);
                continue;
            }
            if (busySince == 0) busySince = takenAt = time.GetTimestamp();
            if (taken != link.DeliveredChunks) (takenAt, taken) = (time.GetTimestamp(), link.DeliveredChunks);
            if (runMeter is null && (pingedAt == 0 || time.GetElapsedTime(pingedAt) >= timing.PingEvery))
            {
                pingedAt = time.GetTimestamp();
                _ = PingAsync();
            }
            TimeSpan silence = Shorter(link.Vitals.Silence, time.GetElapsedTime(busySince));
            TimeSpan unheard = networkSilence is { } network ? Shorter(silence, network) : silence;
            bool isSuspect = unheard >= timing.SuspectAfter;
            if (isSuspect != link.Vitals.IsSuspect || link.IsStalled)
            {
                link.Vitals.IsSuspect = isSuspect;
                dispatcher.Reconsider();
            }
            if (networkSilence is not null && unheard >= timing.GiveUpAfter)
                throw new LaneException(FailureCode.PathLost, $"Nothing came over the path {link.Key} for {unheard.TotalSeconds:0} s.");
            if (silence >= timing.AnswerWithin)
                throw new LaneException(FailureCode.PathLost, $"The gateway has said nothing for {silence.TotalSeconds:0} s.");
            if (time.GetElapsedTime(takenAt) >= timing.TakeWithin)
            {
                link.Vitals.IsStuck = true;
                throw new LaneException(FailureCode.TimedOut, $"The gateway answers, and has taken no chunk for {timing.TakeWithin.TotalSeconds:0} s.");
            }
            if (time.GetElapsedTime(sampledAt) < timing.PingEvery) continue;
            link.Vitals.Sample(link.DeliveredChunks > deliveredChunks, failed: false);
            (sampledAt, deliveredChunks) = (time.GetTimestamp(), link.DeliveredChunks);
        }
    }

    private async Task PingAsync()
    {
        // A ping that waits behind a chunk is enough: others behind it would say the same.
        if (link.Vitals.Lanes is not [Lane lane, ..] || Interlocked.Exchange(ref _pinging, 1) == 1) return;
        try
        {
            // Half a ping would spoil the lane's good end: it is written whole, or fails with the lane.
            await LaneOpening.PingAsync(lane, time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is LaneException or ObjectDisposedException)
        {
            // The lane's own task sees it too.
        }
        finally
        {
            Volatile.Write(ref _pinging, 0);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
