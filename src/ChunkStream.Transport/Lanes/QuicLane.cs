using System.Net;
using System.Net.Quic;
using System.Runtime.Versioning;
using ChunkStream.Core.Failures;

namespace ChunkStream.Transport.Lanes;

/// <summary>A lane that is a QUIC stream: cheap to open, and cancelled alone.</summary>
[SupportedOSPlatform("linux"), SupportedOSPlatform("macos"), SupportedOSPlatform("windows")]
internal sealed class QuicLane(QuicStream stream, EndPoint? localEndPoint, EndPoint? remoteEndPoint) : Lane(stream, localEndPoint, remoteEndPoint)
{
    public override LaneKind Kind => LaneKind.Quic;

    public override async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        try
        {
            stream.CompleteWrites();
            // Disposing resets the stream, and a reset takes with it what was written and hasn't been read.
            await stream.WritesClosed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsLoss(exception))
        {
        }
    }

    public override void Abort()
    {
        try
        {
            stream.Abort(QuicAbortDirection.Both, (long)FailureCode.Cancelled);
        }
        catch (Exception exception) when (IsLoss(exception))
        {
        }
    }
}
