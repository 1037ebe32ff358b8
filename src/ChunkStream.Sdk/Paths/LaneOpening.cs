using System.Text;
using ChunkStream.Core.Failures;
using ChunkStream.Protocol.Frames;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Sdk.Paths;

/// <summary>The client's side of a lane's handshake.</summary>
internal static class LaneOpening
{
    /// <summary>Shows the ticket and waits for the welcome; answers it, and how long it took.</summary>
    /// <exception cref="LaneException">The gateway refused, with its code; or the lane was lost.</exception>
    public static async Task<(WelcomeBody Welcome, TimeSpan RoundTrip)> OpenAsync(
        Lane lane, string ticket, TimeProvider time, CancellationToken cancellationToken)
    {
        byte[] hello = Encoding.ASCII.GetBytes(ticket);
        long started = time.GetTimestamp();
        await lane.WriteAsync(FrameHeader.Of(FrameType.Hello, hello.Length), hello, cancellationToken).ConfigureAwait(false);
        FrameHeader header = await ReadAsync(lane, cancellationToken).ConfigureAwait(false);
        TimeSpan roundTrip = time.GetElapsedTime(started);
        byte[] body = new byte[header.BodyBytes];
        await lane.ReadBodyAsync(body, cancellationToken).ConfigureAwait(false);
        if (header.Type != FrameType.Welcome || !WelcomeBody.TryRead(body, out WelcomeBody welcome))
            throw new LaneException(FailureCode.FrameUnknown, $"The gateway answered Hello with {header.Type}.");
        return (welcome, roundTrip);
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
