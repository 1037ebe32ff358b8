using ChunkStream.Transport.Lanes;

namespace ChunkStream.Tests.Transport.Lanes;

/// <summary>A lane over any stream.</summary>
internal sealed class TestLane(Stream stream) : Lane(stream, null, null)
{
    public override LaneKind Kind => LaneKind.Tls;

    /// <summary>How often the lane was aborted, at its end too.</summary>
    public int Aborts { get; private set; }

    public override ValueTask CloseAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override void Abort() => Aborts++;
}
