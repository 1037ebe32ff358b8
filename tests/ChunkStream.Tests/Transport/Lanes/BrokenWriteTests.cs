using ChunkStream.Core.Failures;
using ChunkStream.Protocol.Frames;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Transport.Lanes;

public sealed class BrokenWriteTests
{
    [Fact]
    public async Task Nothing_follows_half_a_frame()
    {
        // What came after half a frame would be read as the rest of it, and as frames that nobody sent.
        var stream = new StuckStream();
        await using var lane = new TestLane(stream);
        using var cancelled = new CancellationTokenSource();
        Task writing = lane.WriteAsync(FrameHeader.Of(FrameType.Manifest, 100), new byte[100], cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);

        LaneException exception = await Assert.ThrowsAsync<LaneException>(() => lane.WriteAsync(FrameHeader.Of(FrameType.Flush, 0), default).AsTask());
        await lane.TryFailAsync(new(FailureCode.TimedOut, "Too slow."), default);

        Assert.Equal(FailureCode.PathLost, exception.Code);
        Assert.Equal((FrameHeader.SizeBytes + 100) / 2, stream.Written.Length);
    }
}
