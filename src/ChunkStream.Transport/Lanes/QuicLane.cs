using System.Net.Quic;
using System.Runtime.Versioning;
using ChunkStream.Core.Failures;
using ChunkStream.Transport.Congestion;

namespace ChunkStream.Transport.Lanes;

/// <summary>A lane that is a QUIC stream: cheap to open, and cancelled alone.</summary>
[SupportedOSPlatform("linux"), SupportedOSPlatform("macos"), SupportedOSPlatform("windows")]
internal sealed class QuicLane : Lane
{
    private readonly QuicStream _stream;

    public QuicLane(QuicStream stream, QuicConnection connection, LanePacer pacer, FirstFlight? firstFlight = null)
        : base(stream, connection.LocalEndPoint, connection.RemoteEndPoint) => (_stream, Pacer, FirstFlight) = (stream, pacer, firstFlight);

    public override LaneKind Kind => LaneKind.Quic;

    public override ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        try
        {
            _stream.CompleteWrites();
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
            _stream.Abort(QuicAbortDirection.Both, (long)FailureCode.Cancelled);
        }
        catch (Exception exception) when (IsLoss(exception))
        {
        }
    }

    // Disposing resets the stream, and a reset takes with it what was written and hasn't arrived.
    private protected override Task ArrivedAsync(CancellationToken cancellationToken) => _stream.WritesClosed.WaitAsync(cancellationToken);
}
