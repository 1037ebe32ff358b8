using ChunkStream.Sdk.Control;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Sdk.Paths;

/// <summary>
/// Tells the service what a call measures on its paths, as it goes: each report says what is new since the one before. Courtesy: it
/// must not hold up or fail the call, and what couldn't be told is told next time.
/// </summary>
/// <param name="receives">Whether the call receives; it sends otherwise.</param>
internal sealed class PathReports(IControlPlane control, Func<IReadOnlyList<PathLink>> links, bool receives, PathTiming timing, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, PathReport> _told = [];
    private long _toldAt = time.GetTimestamp();

    /// <summary>Reports until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(timing.PingEvery, time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false)) await TellAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reports what is new. Not at the same time as <see cref="RunAsync"/>.</summary>
    public async Task TellAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var telling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        TimeSpan elapsed = time.GetElapsedTime(_toldAt);
        _toldAt = time.GetTimestamp();
        try
        {
            foreach (PathLink link in links())
            {
                PathReport total = Total(link);
                PathReport news = Since(_told.GetValueOrDefault(link.Key), total, elapsed, isSeeking: link.Kind == LaneKind.Quic && link.Pace.IsSeeking);
                if (news is { Bytes: 0, Failures: 0, Connections: 0, ResentChunks: 0, HedgedChunks: 0, CancelledChunks: 0 }) continue;
                await control.ReportPathAsync(news, telling.Token).ConfigureAwait(false);
                _told[link.Key] = total;
            }
        }
        catch (Exception exception) when (exception is ChunkStreamException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
        }
    }

    private PathReport Total(PathLink link) => new()
    {
        Key = link.Key,
        // Without our own queue, where that can be told: it is what the next call begins with.
        RoundTripMs = (link.Pace.BaseRoundTrip ?? link.Vitals.RoundTrip ?? (link.RoundTrip == TimeSpan.Zero ? null : link.RoundTrip))?.TotalMilliseconds,
        BytesPerSecond = link.BytesPerSecond,
        LossRate = link.Vitals.LossRate,
        Bytes = link.DeliveredBytes,
        Chunks = link.DeliveredChunks,
        Failures = link.Failures,
        ReceivedBytes = receives ? link.DeliveredBytes : 0,
        ReceivedChunks = receives ? link.DeliveredChunks : 0,
        ResentChunks = link.Vitals.ResentChunks,
        HedgedChunks = link.Vitals.HedgedChunks,
        CancelledChunks = link.Vitals.CancelledChunks,
        Connections = link.Vitals.Connections,
    };

    private static PathReport Since(PathReport? before, PathReport total, TimeSpan elapsed, bool isSeeking)
    {
        PathReport news = before is null ? total : total with
        {
            Bytes = total.Bytes - before.Bytes,
            Chunks = total.Chunks - before.Chunks,
            Failures = total.Failures - before.Failures,
            ReceivedBytes = total.ReceivedBytes - before.ReceivedBytes,
            ReceivedChunks = total.ReceivedChunks - before.ReceivedChunks,
            ResentChunks = total.ResentChunks - before.ResentChunks,
            HedgedChunks = total.HedgedChunks - before.HedgedChunks,
            CancelledChunks = total.CancelledChunks - before.CancelledChunks,
            Connections = total.Connections - before.Connections,
        };
        // Nothing delivered says nothing of the rate, nor does what a path carried before it was full: the next call would begin with that.
        // The first chunks may have come too soon for one to have been measured.
        return news with { BytesPerSecond = news.Bytes == 0 || isSeeking ? null : news.BytesPerSecond ?? (elapsed > TimeSpan.Zero ? news.Bytes / elapsed.TotalSeconds : null) };
    }
}
