using ChunkStream.Core.Failures;
using ChunkStream.Gateway.Handshake;
using ChunkStream.Protocol.Frames;
using ChunkStream.Tests.Transport.Lanes;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Gateway.Handshake;

public sealed class LaneOutboxTests
{
    [Fact]
    public async Task Frames_are_written_in_order_large_ones_too()
    {
        List<(FrameHeader Header, byte[] Body)> written = [], posted = [];
        await using var lane = new TestLane(new FrameSink((header, body) => written.Add((header, body))));
        var outbox = new LaneOutbox(lane, TimeProvider.System);
        var random = new Random(1);
        for (int i = 0; i < 500; i++)
        {
            byte[] body = new byte[i % 50 == 0 ? FrameLimits.MaxCommittedBytes : random.Next(0, 40) * CommittedBody.IntervalBytes];
            random.NextBytes(body);
            posted.Add((new(FrameType.Committed, FailureCode.None, body.Length, i, 0), body));
            await outbox.PostAsync(posted[^1].Header, body, default);
        }
        outbox.Complete();
        await Soon.DoneAsync("the outbox to be written out", outbox.RunAsync(default));

        Assert.Equal(posted.Select(frame => frame.Header), written.Select(frame => frame.Header));
        Assert.All(posted.Zip(written), pair => Assert.Equal(pair.First.Body, pair.Second.Body));
    }

    [Fact]
    public async Task A_client_that_doesnt_read_has_its_lane_ended_when_the_outbox_is_full()
    {
        await using var lane = new TestLane(Stream.Null);
        var outbox = new LaneOutbox(lane, TimeProvider.System);
        for (int i = 0; i < LaneOutbox.Capacity; i++) Assert.True(outbox.TryPost(FrameHeader.Of(FrameType.Pong, 0), null));
        Assert.Equal(0, lane.Aborts);
        Assert.False(outbox.TryPost(FrameHeader.Of(FrameType.Pong, 0), null));
        Assert.Equal(1, lane.Aborts);
    }

    [Fact]
    public async Task A_lane_that_ends_already_may_still_say_why_when_there_is_news()
    {
        await using var lane = new TestLane(Stream.Null);
        var outbox = new LaneOutbox(lane, TimeProvider.System);
        using var ending = new CancellationTokenSource();
        Task pump = outbox.RunAsync(ending.Token);
        await ending.CancelAsync();
        await Soon.DoneAsync("the outbox's end", pump);
        Assert.False(outbox.TryPost(FrameHeader.Of(FrameType.Priority, 0), null));
        Assert.Equal(0, lane.Aborts);
    }

    [Fact]
    public async Task Who_posts_waits_for_room_and_can_be_cancelled()
    {
        await using var lane = new TestLane(Stream.Null);
        var outbox = new LaneOutbox(lane, TimeProvider.System);
        for (int i = 0; i < LaneOutbox.Capacity; i++) outbox.TryPost(FrameHeader.Of(FrameType.Pong, 0), null);
        using var cancelled = new CancellationTokenSource();
        Task posting = outbox.PostAsync(FrameHeader.Of(FrameType.Pong, 0), null, cancelled.Token).AsTask();
        Assert.False(posting.IsCompleted);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => posting);
    }

    [Fact]
    public async Task A_lane_that_is_lost_is_no_fault_of_ours()
    {
        await using var lane = new TestLane(new LostStream());
        var outbox = new LaneOutbox(lane, TimeProvider.System);
        await outbox.PostAsync(FrameHeader.Of(FrameType.Pong, 0), null, default);
        await Soon.DoneAsync("the pump to see it", outbox.RunAsync(default));
        LaneException exception = await Assert.ThrowsAsync<LaneException>(() => outbox.PostAsync(FrameHeader.Of(FrameType.Pong, 0), null, default).AsTask());
        Assert.Equal(FailureCode.PathLost, exception.Code);
    }

    [Fact]
    public async Task A_frame_that_is_being_written_when_the_lane_ends_is_written_whole_and_the_reason_follows()
    {
        await using var stream = new EarlyEchoStream(TimeSpan.Zero);
        await using var lane = new TestLane(stream);
        var outbox = new LaneOutbox(lane, TimeProvider.System);
        using var ending = new CancellationTokenSource();
        Task pump = outbox.RunAsync(ending.Token);
        await outbox.PostAsync(FrameHeader.Of(FrameType.Pong, 8), new byte[8], default);
        await Soon.TrueAsync("the frame to be on its way", () => stream.Written.Count == 1);
        await ending.CancelAsync();
        stream.LetGo();
        await Soon.DoneAsync("the outbox's end", pump);
        await lane.TryFailAsync(new(FailureCode.TimedOut, "No whole frame came."), default);
        Assert.Equal([FrameType.Pong, FrameType.Fail], stream.Written);
    }

    private sealed class LostStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("The network was told to be gone.");
    }
}
