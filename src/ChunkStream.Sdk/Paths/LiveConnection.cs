using ChunkStream.Core.Failures;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Sdk.Paths;

/// <summary>
/// A path while it stands: opens lanes as there is work for them, pings, and notices when nothing comes back. Ends when a lane is lost.
/// </summary>
internal sealed class LiveConnection<T>(
    ConnectionPool pool, PathLink link, ChunkDispatcher<T> dispatcher, Func<Lane, PathLink, CancellationToken, Task> runLane,
    Func<Lane, PathLink, CancellationToken, Task>? runMeter, PathTiming timing, TimeProvider time) : IDisposable
    where T : class
{
    private static readonly TimeSpan FirstGrowth = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongRoundTrip = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan SlowestGrowth = TimeSpan.FromMilliseconds(200);

    // A lane that ends in good order says so to the other side, which has so long to be reached.
    private static readonly TimeSpan GoodEndWithin = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _abandoned = new();
    private int _pinging;
    private bool _isDisposed;

    public LaneKind Kind => pool.Kind;

    public PathLink Link => link;

    /// <summary>Whether a lane was welcomed.</summary>
    public bool WasUp => link.Vitals.IsWelcomed;

    /// <summary>Runs until a lane is lost, or the drain is done. Every chunk that it took is delivered or given back then.</summary>
    /// <exception cref="LaneException">A lane was lost, or the gateway refused, or the path is silent.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> lanes = [];
        link.Vitals.Connected();
        dispatcher.Add(link);
        try
        {
            lanes.Add(RunLaneAsync(ending.Token));
            Task metering = MeterAsync(ending.Token), watching = WatchAsync(ending.Token), drained = DrainedAsync(ending.Token);
            try
            {
                TimeSpan pause = FirstGrowth;
                while (true)
                {
                    Task growing = lanes.Count < pool.MaxLanes ? Task.Delay(pause, time, ending.Token) : Task.Delay(Timeout.Infinite, ending.Token);
                    Task first = await Task.WhenAny([.. lanes, metering, watching, drained, growing]).ConfigureAwait(false);
                    if (first == drained && drained.IsCompletedSuccessfully) return;
                    if (first != growing || growing.IsCanceled)
                    {
                        // On a path that is lost the other lanes can't end in good order.
                        if (first.IsFaulted) Abandon();
                        await first.ConfigureAwait(false);
                        return;
                    }
                    // How many lanes there may be depends on the round trip, which the first lane tells.
                    bool isMeasured = link.RoundTrip > TimeSpan.Zero;
                    bool wanted = isMeasured && dispatcher.WantsLane(link) && !_draining.IsCancellationRequested;
                    // Twice as many each time: a fast path has all of its lanes within a few hundredths of a second.
                    int room = pool.LanesAllowed(link.RoundTrip >= LongRoundTrip) - lanes.Count;
                    for (int more = wanted ? Math.Min(lanes.Count, room) : 0; more > 0; more--) lanes.Add(RunLaneAsync(ending.Token));
                    pause = wanted || !isMeasured || pause > SlowestGrowth ? pause : pause * 1.5;
                }
            }
            finally
            {
                await ending.CancelAsync().ConfigureAwait(false);
                await Task.WhenAll([.. lanes, metering, watching, drained]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            dispatcher.Remove(link);
            await LetGoAsync(pool).ConfigureAwait(false);
        }
    }

    /// <summary>Takes no more chunks, and ends in good order when what is in flight has arrived or had its time.</summary>
    public void Drain()
    {
        dispatcher.Remove(link);
        Cancel(_draining);
    }

    /// <summary>Cuts every lane off at once: nothing is waited for that crosses this path.</summary>
    public void Abandon() => Cancel(_abandoned);

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

    private void Cancel(CancellationTokenSource source)
    {
        lock (_lock)
            if (!_isDisposed) source.Cancel();
    }

    private Task RunLaneAsync(CancellationToken cancellationToken) => RunLaneAsync(
        token => pool.OpenLaneAsync(link.Vitals.ConnectedAlso, token), runLane, cancellationToken);

    // A meter for each connection, whose queue and pace are its own.
    private Task MeterAsync(CancellationToken cancellationToken) => runMeter is null
        ? Task.Delay(Timeout.Infinite, cancellationToken)
        : Task.WhenAny(Enumerable.Range(0, pool.MaxConnections).Select(
            connection => RunLaneAsync(token => pool.OpenMeterAsync(connection, token), runMeter, cancellationToken))).Unwrap();

    private async Task RunLaneAsync(
        Func<CancellationToken, ValueTask<Lane>> open, Func<Lane, PathLink, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        using var opening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _abandoned.Token);
        Lane? lane = null;
        try
        {
            lane = await open(opening.Token).ConfigureAwait(false);
            // Not by cancelling: a lane that is cancelled ends in good order, which on a dead path takes for ever.
            await using CancellationTokenRegistration cut = _abandoned.Token.UnsafeRegister(static lane => ((Lane)lane!).Abort(), lane);
            Task running = run(lane, link, cancellationToken);
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

    // QUIC waits for the other side to hear that it closes; on a dead path that is seconds, which nobody has to wait for.
    private Task LetGoAsync(IAsyncDisposable resource)
    {
        Task disposing = resource.DisposeAsync().AsTask();
        return _abandoned.IsCancellationRequested || link.Vitals.IsSuspect ? Task.CompletedTask : disposing;
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
