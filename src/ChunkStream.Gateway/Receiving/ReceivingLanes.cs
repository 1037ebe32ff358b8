using ChunkStream.Abstractions.Tickets;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Core.Scheduling;
using ChunkStream.Gateway.Bandwidth;
using ChunkStream.Gateway.Handshake;
using ChunkStream.Gateway.Ingest;
using ChunkStream.Protocol.Frames;
using ChunkStream.Transport.Buffers;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Gateway.Receiving;

/// <summary>
/// Step 5 of 8, verify. From <see cref="Lane"/>, to <see cref="IncomingFile"/>. Reads chunks into pooled buffers and checks each
/// hash before anything else sees the bytes.
/// </summary>
internal sealed class ReceivingLanes(
    IncomingFiles incoming, TransferShares shares, ChunkBufferPool buffers, GatewayOptions options, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>Serves one lane to its end; why it failed, or null where the client ended it in good order.</summary>
    public async Task<Failure?> RunAsync(Lane lane, Ticket ticket, CancellationToken cancellationToken)
    {
        var opened = await incoming.OpenAsync(ticket.TransferId, cancellationToken).ConfigureAwait(false);
        if (opened.Failure is { } refused) return refused;
        await using IncomingFileLease lease = opened.Value!;
        IncomingFile file = lease.File;
        if (file.Plan.FileId != ticket.FileId)
            return new(FailureCode.TicketInvalid, $"The ticket is for file {ticket.FileId}; its transfer sends {file.Plan.FileId}.");

        using var watch = new LaneWatch(options.LaneTimeout, time, cancellationToken);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(watch.Token, file.Closed);
        var outbox = new LaneOutbox(lane, time);
        Task pump = outbox.RunAsync(closing.Token);
        try
        {
            await WelcomeAsync(file, outbox, closing.Token).ConfigureAwait(false);
            using LaneShare share = shares.Join(ticket.TransferId, priority => outbox.TryPost(FrameHeader.Of(FrameType.Priority, PriorityBody.SizeBytes), PriorityBody.Write(priority)));
            share.Learn((Priority)file.Priority);
            return await ReceiveAsync(lane, file, share, outbox, watch, closing.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (file.ClosedBecause is { } reason)
        {
            return reason;
        }
        finally
        {
            file.Forget(outbox);
            outbox.Complete();
            await pump.ConfigureAwait(false);
        }
    }

    // A new lane hears first which life of the file this is and what is committed: all that its sender needs to go on.
    private static async ValueTask WelcomeAsync(IncomingFile file, LaneOutbox outbox, CancellationToken cancellationToken)
    {
        byte[] body = new byte[WelcomeBody.SizeBytes];
        new WelcomeBody(file.Incarnation).Write(body);
        await outbox.PostAsync(FrameHeader.Of(FrameType.Welcome, body.Length), body, cancellationToken).ConfigureAwait(false);
        foreach (byte[] committed in CommittedBody.Write(file.Remember(outbox)))
            await outbox.PostAsync(FrameHeader.Of(FrameType.Committed, committed.Length), committed, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Failure?> ReceiveAsync(
        Lane lane, IncomingFile file, LaneShare share, LaneOutbox outbox, LaneWatch watch, CancellationToken cancellationToken)
    {
        while (await lane.ReadHeaderAsync(cancellationToken).ConfigureAwait(false) is { } header)
        {
            switch (header.Type)
            {
                case FrameType.Chunk:
                    if (await ReceiveChunkAsync(lane, header, file, share, outbox, watch, cancellationToken).ConfigureAwait(false) is { } failure) return failure;
                    break;
                case FrameType.Ping:
                    byte[] echo = new byte[header.BodyBytes];
                    await lane.ReadBodyAsync(echo, cancellationToken).ConfigureAwait(false);
                    await outbox.PostAsync(FrameHeader.Of(FrameType.Pong, echo.Length), echo, cancellationToken).ConfigureAwait(false);
                    break;
                case FrameType.Flush:
                    file.CommitSoon();
                    break;
                case FrameType.Fail:
                    return new(header.Code, await lane.ReadTextAsync(header, cancellationToken).ConfigureAwait(false));
                default:
                    return new(FailureCode.FrameUnknown, $"A sending lane carries no {header.Type} frames to the gateway.");
            }
            watch.Restart();
        }
        return null;
    }

    private async ValueTask<Failure?> ReceiveChunkAsync(
        Lane lane, FrameHeader header, IncomingFile file, LaneShare share, LaneOutbox outbox, LaneWatch watch, CancellationToken cancellationToken)
    {
        ChunkIndex index = header.Index;
        FileLayout layout = file.Layout;
        if (!layout.Contains(index))
            return new(FailureCode.ChunkOutsideLayout, $"There is no chunk {index}: the file has {layout.StripeCount} stripes of {layout.DataShards}+{layout.ParityShards} chunks.");
        int lengthBytes = layout.LengthOf(index);
        if (header.BodyBytes != Digest.SizeBytes + lengthBytes)
            return new(FailureCode.ChunkLengthWrong, $"Chunk {index} has {header.BodyBytes - Digest.SizeBytes} bytes; the layout says {lengthBytes}.");

        // Held up here, the chunk waits in the network, and flow control slows its sender.
        await share.EnterForChunkAsync(lengthBytes, watch, cancellationToken).ConfigureAwait(false);
        using ChunkBuffer buffer = (await buffers.RentAsync(cancellationToken).ConfigureAwait(false)).For(index, lengthBytes);
        await lane.ReadBodyAsync(buffer.Body, cancellationToken).ConfigureAwait(false);
        watch.Restart();
        metrics.Received(lengthBytes);

        Digest expected = buffer.Hash;
        Digest found = ChunkHash.Of(layout, index, buffer.Payload.Span);
        if (found != expected)
        {
            metrics.VerifyFailed("wire");
            await file.RefuseAsync(index).ConfigureAwait(false);
            await outbox.PostAsync(FrameHeader.About(FrameType.Refused, index, code: FailureCode.ChunkHashMismatch), null, cancellationToken).ConfigureAwait(false);
            return null;
        }
        await file.AcceptAsync(index, found, buffer.Payload, cancellationToken).ConfigureAwait(false);
        await outbox.PostAsync(FrameHeader.About(FrameType.Accepted, index), null, cancellationToken).ConfigureAwait(false);
        return null;
    }
}
