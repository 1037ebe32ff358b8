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

    public override ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        try
        {
            stream.CompleteWrites();
        }
        catch (Exception exception) when (IsLoss(exception))
        {
        }
        return ValueTask.CompletedTask;
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

    // Disposing resets the stream, and a reset takes with it what was written and hasn't arrived.
    private protected override Task ArrivedAsync(CancellationToken cancellationToken) => stream.WritesClosed.WaitAsync(cancellationToken);
}
