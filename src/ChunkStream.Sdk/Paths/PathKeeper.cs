using ChunkStream.Core.Scheduling;
using ChunkStream.Transport.Lanes;
using ChunkStream.Transport.Paths;

namespace ChunkStream.Sdk.Paths;

/// <summary>
/// Keeps one path up: dials it, and again after a growing pause when it is lost. Where QUIC falls silent and TLS answers, the path goes
/// on over TLS; where QUIC works again, back over QUIC, and what is in flight over TLS arrives first.
/// </summary>
internal sealed class PathKeeper<T>(PlannedPath planned, PathRunner<T> runner) where T : class
{
    private static readonly Backoff Redial = new(TimeSpan.FromMilliseconds(100), int.MaxValue, TimeSpan.FromSeconds(30));
    private static readonly TimeSpan LongestQuicPause = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan QuicIsBack = TimeSpan.FromMinutes(1);

    private readonly List<Task> _drains = [];
    private TimeSpan _quicPause = runner.Timing.QuicAgainEvery;
    private LiveConnection<T>? _live;
    private volatile bool _isGone;

    /// <summary>Why a gateway isn't one that we can talk to; null while that isn't so.</summary>
    public LaneException? Unusable { get; private set; }

    /// <summary>Runs until cancelled, or until the path is gone.</summary>
    /// <exception cref="ChunkStreamException">The call can't go on.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        IPathConnection? next = null;
        try
        {
            for (int failures = 0; !_isGone;)
            {
                LaneException lost;
                bool stood = false;
                try
                {
                    IPathConnection connection = next ?? await runner.DialAsync(planned, cancellationToken).ConfigureAwait(false);
                    (next, stood) = (null, true);
                    next = await RunConnectionAsync(connection, () => failures = 0, cancellationToken).ConfigureAwait(false);
                    continue;
                }
                catch (LaneException exception)
                {
                    lost = exception;
                }
                cancellationToken.ThrowIfCancellationRequested();
                if (_isGone) return;
                failures++;
                if (!stood && _live is not null) runner.Failed(_live.Link);
                Unusable = PathFailures.IsGateways(lost.Code) ? lost : null;
                await runner.RecoverAsync(planned, lost, failures, Redial.DelayAfter(failures, Random.Shared.NextDouble())!.Value, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (next is not null) await next.DisposeAsync().ConfigureAwait(false);
            await Task.WhenAll(_drains).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The local address or the endpoint is no more: ends at once, with every chunk given back.</summary>
    public void Leave()
    {
        _isGone = true;
        _live?.Abandon();
    }

    // Answers with the connection that is to take this one's place.
    private async Task<IPathConnection> RunConnectionAsync(IPathConnection connection, Action wasUp, CancellationToken cancellationToken)
    {
        LiveConnection<T> live = runner.Start(planned, connection, isFirst: _live is null);
        _live = live;
        if (_isGone) live.Abandon();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task running = live.RunAsync(cancellationToken);
        Task<IPathConnection> replacing = ReplacementAsync(live, ending.Token);
        Task first = await Task.WhenAny(running, replacing).ConfigureAwait(false);
        if (live.WasUp) wasUp();
        if (first == running || !replacing.IsCompletedSuccessfully)
        {
            await ending.CancelAsync().ConfigureAwait(false);
            _ = PathDialer.DropAsync(replacing);
            using (live) await EndedAsync(live, running, cancellationToken).ConfigureAwait(false);
            throw new InvalidOperationException("A connection ended without a reason.");
        }
        if (live.Link.Vitals.IsSuspect) live.Abandon();
        else live.Drain();
        runner.LogSwap(live.Link.Key, replacing.Result.Key);
        _drains.Add(DrainAsync(live, running, cancellationToken));
        return await replacing.ConfigureAwait(false);
    }

    private async Task EndedAsync(LiveConnection<T> live, Task running, CancellationToken cancellationToken)
    {
        try
        {
            await running.ConfigureAwait(false);
        }
        catch (LaneException)
        {
            if (!cancellationToken.IsCancellationRequested && !_isGone) runner.Failed(live.Link);
            throw;
        }
    }

    private async Task DrainAsync(LiveConnection<T> live, Task running, CancellationToken cancellationToken)
    {
        try
        {
            using (live) await EndedAsync(live, running, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is LaneException or OperationCanceledException)
        {
            // What it had was given back; another connection has taken its place already.
        }
    }

    private async Task<IPathConnection> ReplacementAsync(LiveConnection<T> live, CancellationToken cancellationToken)
    {
        if (runner.Dialer.Choice != LaneChoice.Auto || !planned.Address.HasQuic || !PathDialer.IsQuicSupported)
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
        return live.Kind == LaneKind.Quic
            ? await InsteadOfQuicAsync(live, cancellationToken).ConfigureAwait(false)
            : await BackToQuicAsync(cancellationToken).ConfigureAwait(false);
    }

    // Silence may be a network that drops UDP, or one that is slow. A new handshake tells: QUIC gets its head start again.
    private async Task<IPathConnection> InsteadOfQuicAsync(LiveConnection<T> live, CancellationToken cancellationToken)
    {
        long startedAt = runner.Time.GetTimestamp();
        for (int tries = 1; ; tries++)
        {
            await live.SuspectedAsync(cancellationToken).ConfigureAwait(false);
            IPathConnection? other = await TryDialAsync(LaneChoice.Auto, PathDialer.DialTimeout, cancellationToken).ConfigureAwait(false);
            if (other?.Kind == LaneKind.Tls && live.Link.Vitals.IsSuspect)
            {
                TimeSpan lasted = runner.Time.GetElapsedTime(startedAt);
                TimeSpan pause = lasted > QuicIsBack ? runner.Timing.QuicAgainEvery : _quicPause * 2;
                _quicPause = pause < LongestQuicPause ? pause : LongestQuicPause;
                return other;
            }
            if (other is not null) await other.DisposeAsync().ConfigureAwait(false);
            await Task.Delay(Redial.DelayAfter(Math.Min(4 + tries, 9), Random.Shared.NextDouble())!.Value, runner.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IPathConnection> BackToQuicAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(_quicPause, runner.Time, cancellationToken).ConfigureAwait(false);
            if (await TryDialAsync(LaneChoice.Quic, runner.Timing.QuicAgainWithin, cancellationToken).ConfigureAwait(false) is { } quic) return quic;
        }
    }

    private async Task<IPathConnection?> TryDialAsync(LaneChoice over, TimeSpan within, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(within, runner.Time);
        using var dialing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await runner.Dialer.DialAsync(planned.Address, over, dialing.Token).ConfigureAwait(false);
        }
        catch (LaneException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
