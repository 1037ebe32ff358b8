using System.Buffers.Binary;
using System.Text;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Scheduling;
using ChunkStream.Protocol.Frames;
using ChunkStream.Transport.Bandwidth;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Sdk.Paths;

/// <summary>The client's side of a lane's handshake.</summary>
internal static class LaneOpening
{
    /// <summary>Shows the ticket and waits for the welcome.</summary>
    /// <exception cref="LaneException">The gateway refused, with its code, or said nothing in time; or the lane was lost.</exception>
    public static async Task<WelcomeBody> OpenAsync(
        Lane lane, string ticket, TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        await HelloAsync(lane, ticket, time, cancellationToken).ConfigureAwait(false);
        return await WelcomedAsync(lane, within, time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Shows the ticket, and asks for a first echo, which comes after the welcome and tells the round trip. What a lane is for needn't wait
    /// for either.
    /// </summary>
    public static async Task HelloAsync(Lane lane, string ticket, TimeProvider time, CancellationToken cancellationToken)
    {
        byte[] hello = Encoding.ASCII.GetBytes(ticket);
        await lane.WriteAsync(FrameHeader.Of(FrameType.Hello, hello.Length), hello, cancellationToken).ConfigureAwait(false);
        await PingAsync(lane, time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>After <see cref="HelloAsync"/>: the rest of <see cref="OpenAsync"/>.</summary>
    /// <exception cref="LaneException">The gateway refused, with its code, or said nothing in time; or the lane was lost.</exception>
    public static async Task<WelcomeBody> WelcomedAsync(Lane lane, TimeSpan within, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(within, time);
        using var opening = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            FrameHeader header = await ReadAsync(lane, opening.Token).ConfigureAwait(false);
            byte[] body = new byte[header.BodyBytes];
            await lane.ReadBodyAsync(body, opening.Token).ConfigureAwait(false);
            if (header.Type != FrameType.Welcome || !WelcomeBody.TryRead(body, out WelcomeBody welcome))
                throw new LaneException(FailureCode.FrameUnknown, $"The gateway answered Hello with {header.Type}.");
            return welcome;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LaneException(FailureCode.HandshakeTimeout, $"The gateway accepted a lane and said nothing for {within.TotalSeconds:0} s.", exception);
        }
    }

    /// <summary>
    /// Reads on to the first echo, which comes after all that the gateway says of what was committed before: so nothing is sent again of
    /// which only the news was lost. Costs a round trip.
    /// </summary>
    /// <returns>The round trip.</returns>
    public static async Task<TimeSpan> CatchUpAsync(
        Lane lane, Action<ReadOnlySpan<byte>> committed, BandwidthFlow bandwidth, TimeProvider time, CancellationToken cancellationToken)
    {
        byte[] body = new byte[FrameLimits.MaxCommittedBytes];
        while (true)
        {
            FrameHeader header = await ReadAsync(lane, cancellationToken).ConfigureAwait(false);
            if (header.Type == FrameType.Pong) return await ReadPongAsync(lane, header, time, cancellationToken).ConfigureAwait(false);
            if (header.Type == FrameType.Priority)
            {
                bandwidth.Priority = await ReadPriorityAsync(lane, header, cancellationToken).ConfigureAwait(false);
                continue;
            }
            if (header.Type != FrameType.Committed) throw new LaneException(FailureCode.FrameUnknown, $"The gateway sent {header.Type} on a lane that has carried nothing.");
            await lane.ReadBodyAsync(body.AsMemory(0, header.BodyBytes), cancellationToken).ConfigureAwait(false);
            committed(body.AsSpan(0, header.BodyBytes));
        }
    }

    /// <summary>Sends the time of now across; the gateway sends it back.</summary>
    public static ValueTask PingAsync(Lane lane, TimeProvider time, CancellationToken cancellationToken)
    {
        byte[] now = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(now, time.GetTimestamp());
        return lane.WriteAsync(FrameHeader.Of(FrameType.Ping, now.Length), now, cancellationToken);
    }

    /// <summary>Reads an echo; how long it was on its way there and back.</summary>
    public static async ValueTask<TimeSpan> ReadPongAsync(Lane lane, FrameHeader header, TimeProvider time, CancellationToken cancellationToken)
    {
        byte[] sent = new byte[8];
        if (header.BodyBytes != sent.Length) throw new LaneException(FailureCode.FrameUnknown, $"An echo has {sent.Length} bytes, not {header.BodyBytes}.");
        await lane.ReadBodyAsync(sent, cancellationToken).ConfigureAwait(false);
        TimeSpan roundTrip = time.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(sent));
        // A gateway that makes up echoes doesn't make its path look better than none.
        return roundTrip < TimeSpan.Zero ? TimeSpan.Zero : roundTrip;
    }

    /// <summary>Reads the priority that the gateway tells.</summary>
    public static async ValueTask<Priority> ReadPriorityAsync(Lane lane, FrameHeader header, CancellationToken cancellationToken)
    {
        byte[] body = new byte[header.BodyBytes];
        await lane.ReadBodyAsync(body, cancellationToken).ConfigureAwait(false);
        return PriorityBody.TryRead(body, out Priority priority)
            ? priority
            : throw new LaneException(FailureCode.FrameUnknown, $"'{Convert.ToHexStringLower(body)}' isn't a priority.");
    }

    /// <summary>The next frame's header. The gateway ends a lane only with a reason, which becomes the exception.</summary>
    public static async ValueTask<FrameHeader> ReadAsync(Lane lane, CancellationToken cancellationToken)
    {
        FrameHeader header = await lane.ReadHeaderAsync(cancellationToken).ConfigureAwait(false)
            ?? throw new LaneException(FailureCode.PathLost, "The gateway ended the lane without a reason.");
        if (header.Type == FrameType.Fail)
            throw new LaneException(header.Code, await lane.ReadTextAsync(header, cancellationToken).ConfigureAwait(false));
        return header;
    }
}
