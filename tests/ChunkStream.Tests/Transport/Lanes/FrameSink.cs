using ChunkStream.Core.Failures;
using ChunkStream.Protocol.Frames;

namespace ChunkStream.Tests.Transport.Lanes;

/// <summary>A stream that takes whole frames apart as they are written to it.</summary>
internal sealed class FrameSink(Action<FrameHeader, byte[]> onFrame) : MemoryStream
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        for (ReadOnlySpan<byte> rest = buffer.Span; !rest.IsEmpty;)
        {
            FailureCode problem = FrameHeader.TryRead(rest, out FrameHeader header);
            if (problem != FailureCode.None) throw new InvalidDataException($"That is no frame: {problem.ToName()}.");
            onFrame(header, rest.Slice(FrameHeader.SizeBytes, header.BodyBytes).ToArray());
            rest = rest[(FrameHeader.SizeBytes + header.BodyBytes)..];
        }
        return ValueTask.CompletedTask;
    }
}
