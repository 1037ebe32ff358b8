using System.Buffers.Binary;
using ChunkStream.Core.Failures;
using ChunkStream.Protocol.Frames;
using ChunkStream.Protocol.Pacing;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Sdk.Paths;

/// <summary>
/// A lane that carries no chunks, so that its echoes wait only in the path's own queue: measures the round trip while a connection is
/// used, and keeps its sender to the <see cref="PathPace"/>. Where the gateway is the sender it is told.
/// </summary>
/// <param name="lane">The lane, on which nothing was said yet.</param>
/// <param name="ticket">What lets it in.</param>
/// <param name="link">Its path.</param>
/// <param name="share">How much of the path's pace is this connection's, 0 to 1: the gateway has a pacer for each.</param>
/// <param name="dispatcher">Knows what the path has delivered.</param>
/// <param name="gatewaySends">Whether the gateway is the sender.</param>
/// <param name="time">The clock.</param>
internal sealed class PathMeter<T>(
    Lane lane, string ticket, PathLink link, Func<double> share, ChunkDispatcher<T> dispatcher, bool gatewaySends, TimeProvider time)
    where T : class
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource _echoed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _toldBytesPerSecond;
    private volatile bool _hasSaidHello;

    /// <summary>Runs until cancelled or the lane is lost.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        link.Pace.Join(dispatcher.DeliveredBytes(link));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task pinging = PingAsync(ending.Token), reading = ReadAsync(ending.Token);
        Task first = await Task.WhenAny(pinging, reading).ConfigureAwait(false);
        link.Pace.Leave();
        await ending.CancelAsync().ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested) await lane.CloseAsync(CancellationToken.None).ConfigureAwait(false);
        await Task.WhenAll(pinging, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    private async Task PingAsync(CancellationToken cancellationToken)
    {
        // Before anything else: there is no queue of ours yet.
        await LaneOpening.PingAsync(lane, time, cancellationToken).ConfigureAwait(false);
        await LaneOpening.HelloAsync(lane, ticket, time, cancellationToken).ConfigureAwait(false);
        _hasSaidHello = true;
        await ApplyAsync(cancellationToken).ConfigureAwait(false);
        // Pings without a pause would keep a handshake from being completed whose last packet was lost: see FirstFlight.
        await _echoed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            await LaneOpening.PingAsync(lane, time, cancellationToken).ConfigureAwait(false);
            await Task.Delay(Pause(), time, cancellationToken).ConfigureAwait(false);
        }
    }

    // Four echoes a round trip; few on paths that aren't paced.
    private TimeSpan Pause()
    {
        if (link.Pace.BaseRoundTrip is not { } roundTrip) return ShortestPause;
        if (roundTrip < PaceController.ShortestPacedRoundTrip) return LongestPause;
        return TimeSpan.FromTicks(Math.Clamp((roundTrip / 4).Ticks, ShortestPause.Ticks, LongestPause.Ticks));
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        byte[] ignored = new byte[FrameLimits.MaxCommittedBytes];
        while (true)
        {
            FrameHeader header = await LaneOpening.ReadAsync(lane, cancellationToken).ConfigureAwait(false);
            switch (header.Type)
            {
                case FrameType.Pong:
                    await EchoAsync(await LaneOpening.ReadPongAsync(lane, header, time, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
                    break;
                // Every lane hears of its file's life, commits and priority; those that carry chunks act on them.
                case FrameType.Welcome or FrameType.Committed or FrameType.Priority:
                    await lane.ReadBodyAsync(ignored.AsMemory(0, header.BodyBytes), cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    throw new LaneException(FailureCode.FrameUnknown, $"A gateway sends no {header.Type} frames on a lane without chunks.");
            }
        }
    }

    private async ValueTask EchoAsync(TimeSpan roundTrip, CancellationToken cancellationToken)
    {
        _echoed.TrySetResult();
        dispatcher.Measured(link, roundTrip);
        link.Pace.Echo(roundTrip, dispatcher.DeliveredBytes(link));
        await ApplyAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ApplyAsync(CancellationToken cancellationToken)
    {
        if (!gatewaySends)
        {
            if (lane.Pacer is { } pacer && pacer.BytesPerSecond != link.Pace.BytesPerSecond) pacer.BytesPerSecond = link.Pace.BytesPerSecond;
            return;
        }
        // The first echo may be back before Hello has left, and nothing else may come before Hello.
        if (!_hasSaidHello) return;
        // 0 would be unlimited.
        long pace = link.Pace.BytesPerSecond, ours = pace == 0 ? 0 : Math.Max((long)(share() * pace), 1);
        // Only what makes a difference.
        if (Math.Abs(ours - _toldBytesPerSecond) <= _toldBytesPerSecond / 100) return;
        _toldBytesPerSecond = ours;
        byte[] body = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(body, ours);
        await lane.WriteAsync(FrameHeader.Of(FrameType.Pace, body.Length), body, cancellationToken).ConfigureAwait(false);
    }
}
