using System.Buffers.Binary;
using ChunkStream.Abstractions.Tickets;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Gateway.Bandwidth;
using ChunkStream.Gateway.Handshake;
using ChunkStream.Protocol.Frames;
using ChunkStream.Storage;
using ChunkStream.Transport.Buffers;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Gateway.Serving;

/// <summary>
/// The way back: answers a lane's requests for chunks and for the manifest, in order. Every chunk is verified as it is read; one that
/// is missing or bad is answered with <see cref="FrameType.Missing"/> at once, and rebuilt at rest behind the lane's back.
/// </summary>
internal sealed class ServingLanes(
    StoredFiles stored, TransferShares shares, StripeRepairer repairer, ChunkBufferPool buffers, GatewayOptions options, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>Serves one lane to its end; why it failed, or null where the client ended it in good order.</summary>
    public async Task<Failure?> RunAsync(Lane lane, Ticket ticket, CancellationToken cancellationToken)
    {
        var opened = await stored.OpenAsync(ticket.FileId, cancellationToken).ConfigureAwait(false);
        if (opened.Failure is { } refused) return refused;
        await using StoredFileLease lease = opened.Value!;

        byte[] welcome = new byte[WelcomeBody.SizeBytes];
        new WelcomeBody(lease.Entry.Incarnation).Write(welcome);
        await lane.WriteAsync(FrameHeader.Of(FrameType.Welcome, welcome.Length), welcome, cancellationToken).ConfigureAwait(false);

        using LaneShare share = await shares.JoinAsync(lane, ticket.TransferId).ConfigureAwait(false);
        using var watch = new LaneWatch(options.LaneTimeout, time, cancellationToken);
        while (await lane.ReadHeaderAsync(watch.Token).ConfigureAwait(false) is { } header)
        {
            switch (header.Type)
            {
                case FrameType.Fetch:
                    if (!lease.Entry.Files.Layout.Contains(header.Index))
                        return new(FailureCode.ChunkOutsideLayout, $"There is no chunk {header.Index}.");
                    await share.EnterForChunkAsync(lease.Entry.Files.Layout.LengthOf(header.Index), watch, watch.Token).ConfigureAwait(false);
                    await ServeChunkAsync(lane, lease.Entry, header.Index, watch.Token).ConfigureAwait(false);
                    break;
                case FrameType.FetchManifest:
                    if (await ServeManifestAsync(lane, lease.Entry, share, watch).ConfigureAwait(false) is { } failure) return failure;
                    break;
                case FrameType.Ping:
                    byte[] echo = new byte[header.BodyBytes];
                    await lane.ReadBodyAsync(echo, watch.Token).ConfigureAwait(false);
                    await lane.WriteAsync(FrameHeader.Of(FrameType.Pong, echo.Length), echo, watch.Token).ConfigureAwait(false);
                    break;
                case FrameType.Pace:
                    byte[] pace = new byte[header.BodyBytes];
                    await lane.ReadBodyAsync(pace, watch.Token).ConfigureAwait(false);
                    if (lane.Pacer is { } pacer && pace.Length == 8) pacer.BytesPerSecond = Math.Max(0, BinaryPrimitives.ReadInt64LittleEndian(pace));
                    break;
                case FrameType.Fail:
                    return new(header.Code, await lane.ReadTextAsync(header, watch.Token).ConfigureAwait(false));
                default:
                    return new(FailureCode.FrameUnknown, $"A receiving lane carries no {header.Type} frames to the gateway.");
            }
            watch.Restart();
        }
        return null;
    }

    private async ValueTask ServeChunkAsync(Lane lane, StoredFileEntry file, ChunkIndex index, CancellationToken cancellationToken)
    {
        using ChunkBuffer buffer = (await buffers.RentAsync(cancellationToken).ConfigureAwait(false)).For(index, file.Files.Layout.LengthOf(index));
        ChunkRead read = await file.Files.ReadAsync(index, buffer.Payload, cancellationToken).ConfigureAwait(false);
        if (!read.IsGood)
        {
            if (read.Condition == ChunkCondition.Bad) metrics.VerifyFailed("rest");
            repairer.Enqueue(file.File, index.Stripe);
            await lane.WriteAsync(FrameHeader.About(FrameType.Missing, index, code: FailureCode.ChunkUnreadable), cancellationToken).ConfigureAwait(false);
            return;
        }
        buffer.Seal(read.Hash);
        await lane.WriteAsync(buffer.Frame, cancellationToken).ConfigureAwait(false);
        metrics.Served(buffer.LengthBytes);
    }

    private static async ValueTask<Failure?> ServeManifestAsync(Lane lane, StoredFileEntry file, LaneShare share, LaneWatch watch)
    {
        Stream? manifest = file.Files.OpenManifest();
        if (manifest is null) return new(FailureCode.ManifestInvalid, "No volume of this gateway has the file's manifest.");
        await using (manifest.ConfigureAwait(false))
        {
            byte[] piece = new byte[FrameLimits.MaxManifestPieceBytes];
            int read;
            do
            {
                read = await manifest.ReadAsync(piece, watch.Token).ConfigureAwait(false);
                await share.EnterAsync(FrameHeader.SizeBytes + read, watch, watch.Token).ConfigureAwait(false);
                await lane.WriteAsync(FrameHeader.Of(FrameType.Manifest, read), piece.AsMemory(0, read), watch.Token).ConfigureAwait(false);
                watch.Restart();
            }
            while (read > 0);
        }
        return null;
    }
}
