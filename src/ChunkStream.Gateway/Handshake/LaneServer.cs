using System.Text;
using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Tickets;
using ChunkStream.Core.Failures;
using ChunkStream.Gateway.Receiving;
using ChunkStream.Gateway.Serving;
using ChunkStream.Protocol.Frames;
using ChunkStream.Storage;
using ChunkStream.Transport.Lanes;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Handshake;

/// <summary>
/// A lane's life at the gateway: it shows its ticket, becomes a receiving or a serving lane, and ends. The one exit for every failure
/// of a lane: here it becomes a metric, a log line and a code on the wire.
/// </summary>
internal sealed partial class LaneServer(
    TicketAuthority tickets, TransferLanes transfers, ReceivingLanes receiving, ServingLanes serving, GatewayOptions options, GatewayMetrics metrics,
    TimeProvider time, ILogger<LaneServer> logger)
{
    private int _openLanes;

    public int OpenLanes => _openLanes;

    /// <summary>Waits until no lane is open: each has committed what it could.</summary>
    public async Task DrainedAsync(CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _openLanes) > 0 && !cancellationToken.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(10), time, CancellationToken.None).ConfigureAwait(false);
    }

    public async Task ServeAsync(Lane lane, CancellationToken cancellationToken)
    {
        string kind = lane.Kind.ToString().ToLowerInvariant();
        Interlocked.Increment(ref _openLanes);
        metrics.LaneOpened(kind);
        try
        {
            await using (lane.ConfigureAwait(false))
            {
                Failure? failure = await RunAsync(lane, cancellationToken).ConfigureAwait(false);
                if (failure is null) return;
                metrics.LaneFailed(failure.Code);
                LogFailed(lane.RemoteEndPoint?.ToString(), failure.Blame, failure.Code.ToName(), failure.Message);
                using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(1), time);
                await lane.TryFailAsync(failure, timeout.Token).ConfigureAwait(false);
                // The message has left our hands, not yet our machine: closing at once would cut it off.
                await LingerAsync(lane, timeout.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _openLanes);
            metrics.LaneClosed(kind);
        }
    }

    private Task<Failure?> RunAsync(Lane lane, CancellationToken cancellationToken) => ExplainAsync(
        async () =>
        {
            Outcome<Ticket> ticket = await ShakeHandsAsync(lane, cancellationToken).ConfigureAwait(false);
            if (ticket.Failure is { } unknown) return unknown;
            Outcome<OpenLanes> entered = await transfers.EnterAsync(ticket.Value!.TransferId, cancellationToken).ConfigureAwait(false);
            if (entered.Failure is { } refused) return refused;
            OpenLanes lanes = entered.Value!;
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lanes.Closed);
            Failure? failure = await ExplainAsync(
                () => ticket.Value.Scope == TicketScope.Send
                    ? receiving.RunAsync(lane, ticket.Value, ending.Token)
                    : serving.RunAsync(lane, ticket.Value, ending.Token),
                cancellationToken, lanes).ConfigureAwait(false);
            await transfers.LeaveAsync(lanes, failure).ConfigureAwait(false);
            return failure;
        },
        cancellationToken);

    /// <summary>Runs a lane's code, and turns whatever it throws into why the lane failed.</summary>
    private async Task<Failure?> ExplainAsync(Func<Task<Failure?>> run, CancellationToken cancellationToken, OpenLanes? lanes = null)
    {
        try
        {
            return await run().ConfigureAwait(false);
        }
        catch (LaneException exception)
        {
            // A client that has what it wanted, or was interrupted, drops its lanes: nobody's failure.
            return exception.EndedByPeer ? null : new(exception.Code, exception.Message);
        }
        catch (StoreException exception)
        {
            return new(exception.Code, exception.Message);
        }
        catch (OperationCanceledException) when (lanes?.ClosedBecause is { } reason)
        {
            return reason;
        }
        catch (OperationCanceledException)
        {
            return cancellationToken.IsCancellationRequested
                ? new(FailureCode.ShuttingDown, "The gateway is shutting down.")
                : new(FailureCode.TimedOut, $"No whole frame came within {options.LaneTimeout.TotalSeconds:0} s.");
        }
#pragma warning disable CA1031 // The one exit: whatever a lane's code throws ends that lane, not the gateway.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogUnexpected(exception);
            return new(FailureCode.Internal, "The gateway failed: " + exception.Message);
        }
    }

    private async Task<Outcome<Ticket>> ShakeHandsAsync(Lane lane, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.HandshakeTimeout, time);
        using var shaking = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            while (await lane.ReadHeaderAsync(shaking.Token).ConfigureAwait(false) is { } header)
            {
                if (header.Type is not (FrameType.Hello or FrameType.Ping))
                    return new Failure(FailureCode.FrameUnknown, $"A lane starts with Hello, not with {header.Type}.");
                byte[] body = new byte[header.BodyBytes];
                await lane.ReadBodyAsync(body, shaking.Token).ConfigureAwait(false);
                if (header.Type == FrameType.Hello) return await tickets.VerifyAsync(Encoding.UTF8.GetString(body)).ConfigureAwait(false);
                // The round trip is of use to whoever has come so far, and an echo is no longer than what it answers.
                await lane.WriteAsync(FrameHeader.Of(FrameType.Pong, body.Length), body, shaking.Token).ConfigureAwait(false);
            }
            return new Failure(FailureCode.FrameTruncated, "The lane ended before its Hello.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Failure(FailureCode.HandshakeTimeout, $"No Hello came within {options.HandshakeTimeout.TotalSeconds:0} s (HandshakeTimeout).");
        }
    }

    private static async Task LingerAsync(Lane lane, CancellationToken cancellationToken)
    {
        try
        {
            byte[] rest = new byte[4096];
            while (true) await lane.ReadBodyAsync(rest, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is LaneException or OperationCanceledException)
        {
        }
    }
}
