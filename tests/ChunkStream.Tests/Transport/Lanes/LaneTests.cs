using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Frames;
using ChunkStream.Transport.Buffers;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Transport.Lanes;

/// <summary>The same lanes over both transports, between two real ends on loopback.</summary>
public sealed class LaneTests
{
    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Frames_cross_both_ways(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        await using LanePair lane = await host.ConnectAsync();
        Assert.Equal(kind, lane.Client.Kind);
        Assert.Equal(kind, lane.Server.Kind);
        (FrameHeader Header, byte[] Body)[] there = Frames(seed: 1), back = Frames(seed: 2);

        await Soon.DoneAsync("frames to cross both ways", Task.WhenAll(
            WriteAllAsync(lane.Client, there), WriteAllAsync(lane.Server, back),
            ExpectAllAsync(lane.Server, there), ExpectAllAsync(lane.Client, back)));
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task The_largest_chunks_cross_both_ways(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        await using LanePair lane = await host.ConnectAsync();

        await Soon.DoneAsync("chunks of 1 MiB to cross both ways", Task.WhenAll(
            WriteChunksAsync(lane.Client), WriteChunksAsync(lane.Server), ExpectChunksAsync(lane.Server), ExpectChunksAsync(lane.Client)));
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Frames_of_writers_at_once_stay_whole(LaneKind kind)
    {
        const int writers = 8, frames = 40;
        await using LaneHost host = await LaneHost.StartAsync(kind);
        await using LanePair lane = await host.ConnectAsync();
        // Over QUIC a client says no more than a little before it has heard something.
        await lane.Server.WriteAsync(FrameHeader.Of(FrameType.Pong, 0), default);
        await Soon.DoneAsync("something to be heard", lane.Client.ReadHeaderAsync(default).AsTask());
        Task writing = Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; i < frames; i++)
            {
                byte[] body = new byte[1 + (writer * 7919 + i * 104_729) % 40_000];
                Array.Fill(body, (byte)writer);
                await lane.Client.WriteAsync(FrameHeader.About(FrameType.Manifest, new(i, writer), body.Length), body, default);
            }
        })));

        int[] next = new int[writers];
        for (int i = 0; i < writers * frames; i++)
        {
            FrameHeader header = (await Soon.DoneAsync("a frame", lane.Server.ReadHeaderAsync(default).AsTask()))!.Value;
            byte[] body = new byte[header.BodyBytes];
            await lane.Server.ReadBodyAsync(body, default);
            Assert.True(body.AsSpan().IndexOfAnyExcept((byte)header.Shard) < 0, "Another writer's bytes are in the frame.");
            Assert.Equal(next[header.Shard]++, header.Stripe);
        }
        await Soon.DoneAsync("the writers", writing);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_direction_that_is_closed_is_read_to_its_end_and_the_other_goes_on(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        await using LanePair lane = await host.ConnectAsync();
        await lane.Client.WriteAsync(FrameHeader.Of(FrameType.Flush, 0), default);
        await lane.Client.CloseAsync(default);

        Assert.Equal(FrameType.Flush, (await ReadAsync(lane.Server))?.Type);
        Assert.Null(await ReadAsync(lane.Server));

        await lane.Server.WriteAsync(FrameHeader.About(FrameType.Accepted, new(3, 4)), default);
        await lane.Server.CloseAsync(default);
        Assert.Equal(new ChunkIndex(3, 4), (await ReadAsync(lane.Client))?.Index);
        Assert.Null(await ReadAsync(lane.Client));
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Aborting_ends_what_is_under_way_at_both_ends(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        await using LanePair lane = await host.ConnectAsync();
        Task<FrameHeader?> here = lane.Client.ReadHeaderAsync(default).AsTask(), there = lane.Server.ReadHeaderAsync(default).AsTask();

        lane.Client.Abort();

        await Assert.ThrowsAsync<LaneException>(() => Soon.DoneAsync("the aborted side's read", here));
        await AssertEndedAsync(there);
        await Assert.ThrowsAsync<LaneException>(() => lane.Client.WriteAsync(FrameHeader.Of(FrameType.Flush, 0), default).AsTask());
        lane.Client.Abort();
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_lane_that_is_given_up_wakes_the_other_side(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        await using LanePair lane = await host.ConnectAsync();
        Task<FrameHeader?> there = lane.Server.ReadHeaderAsync(default).AsTask();
        await lane.Client.DisposeAsync();
        await AssertEndedAsync(there);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_lane_that_ends_within_a_header_is_truncated(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        await using LanePair lane = await host.ConnectAsync();
        await lane.Client.WriteAsync(new byte[] { FrameHeader.Version, (byte)FrameType.Ping, 0 }, default);
        await lane.Client.CloseAsync(default);

        LaneException exception = await Assert.ThrowsAsync<LaneException>(() => ReadAsync(lane.Server));
        Assert.Equal(FailureCode.FrameTruncated, exception.Code);
        Assert.Contains("3 of a frame header's 16 bytes", exception.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_lane_that_ends_within_a_body_is_truncated(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        await using LanePair lane = await host.ConnectAsync();
        byte[] frame = new byte[FrameHeader.SizeBytes + 10];
        FrameHeader.Of(FrameType.Manifest, 5_000).Write(frame);
        await lane.Client.WriteAsync(frame, default);
        await lane.Client.CloseAsync(default);

        FrameHeader header = (await ReadAsync(lane.Server))!.Value;
        LaneException exception = await Assert.ThrowsAsync<LaneException>(
            () => Soon.DoneAsync("the body", lane.Server.ReadBodyAsync(new byte[header.BodyBytes], default).AsTask()));
        Assert.Equal(FailureCode.FrameTruncated, exception.Code);
        Assert.Contains("10 of 5000", exception.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task What_isnt_a_frame_is_refused_and_shown(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        await using LanePair lane = await host.ConnectAsync();
        await lane.Client.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), default);

        LaneException exception = await Assert.ThrowsAsync<LaneException>(() => ReadAsync(lane.Server));
        Assert.Equal(FailureCode.VersionUnsupported, exception.Code);
        Assert.Contains("474554202f20485454502f312e310d0a", exception.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_failure_is_told_with_its_code_and_message(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        await using LanePair lane = await host.ConnectAsync();
        await lane.Server.TryFailAsync(new(FailureCode.StoreFull, "No room for " + new string('x', 2_000)), default);

        FrameHeader header = (await ReadAsync(lane.Client))!.Value;
        Assert.Equal((FrameType.Fail, FailureCode.StoreFull, FrameLimits.MaxMessageBytes), (header.Type, header.Code, header.BodyBytes));
        Assert.StartsWith("No room for xxx", await lane.Client.ReadTextAsync(header, default), StringComparison.Ordinal);
        Assert.Null(await ReadAsync(lane.Client));
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_failure_arrives_though_our_reading_was_cancelled_and_the_lane_is_gone_at_once(LaneKind kind)
    {
        // A gateway that pauses a transfer: the read that is under way is cancelled, the reason is told, and the lane ends.
        await using LaneHost host = await LaneHost.StartAsync(kind);
        await using LanePair lane = await host.ConnectAsync();
        using var paused = new CancellationTokenSource();
        Task<FrameHeader?> reading = lane.Server.ReadHeaderAsync(paused.Token).AsTask();
        await paused.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon.DoneAsync("the cancelled read", reading));

        await Soon.DoneAsync("the end", lane.Server.TryFailAsync(new(FailureCode.Paused, "The transfer is paused."), default).AsTask());
        await lane.Server.DisposeAsync();

        FrameHeader header = (await ReadAsync(lane.Client))!.Value;
        Assert.Equal((FrameType.Fail, FailureCode.Paused), (header.Type, header.Code));
        Assert.Equal("The transfer is paused.", await lane.Client.ReadTextAsync(header, default));
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_read_that_is_cancelled_ends(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        await using LanePair lane = await host.ConnectAsync();
        using var cancelled = new CancellationTokenSource();
        Task<FrameHeader?> reading = lane.Client.ReadHeaderAsync(cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon.DoneAsync("the cancelled read", reading));
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_write_that_nobody_reads_can_be_cancelled_and_nothing_is_written_after_it(LaneKind kind)
    {
        await using LaneHost host = await LaneHost.StartAsync(kind);
        await using LanePair lane = await host.ConnectAsync();
        using var cancelled = new CancellationTokenSource();
        byte[] body = new byte[FrameLimits.MaxManifestPieceBytes];
        Task writing = Task.Run(async () =>
        {
            while (true) await lane.Server.WriteAsync(FrameHeader.Of(FrameType.Manifest, body.Length), body, cancelled.Token);
        });
        // Nobody reads at the other end, so that sooner or later a frame is stuck halfway.
        await Task.WhenAny(writing, Task.Delay(500));
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon.DoneAsync("the cancelled write", writing));
        await Assert.ThrowsAsync<LaneException>(
            () => Soon.DoneAsync("the next write", lane.Server.WriteAsync(FrameHeader.Of(FrameType.Ping, 0), default).AsTask()));
    }

    [QuicFact]
    public async Task Lanes_of_one_QUIC_path_end_one_by_one()
    {
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Quic);
        await using LanePair first = await host.ConnectAsync();
        await using Lane second = await first.Path.OpenLaneAsync(default);
        await second.WriteAsync(FrameHeader.Of(FrameType.Ping, 0), default);
        await using Lane secondServer = await host.AcceptAsync();
        Assert.Equal(FrameType.Ping, (await ReadAsync(secondServer))?.Type);

        first.Client.Abort();
        await AssertEndedAsync(first.Server.ReadHeaderAsync(default).AsTask());

        await second.WriteAsync(FrameHeader.Of(FrameType.Flush, 0), default);
        Assert.Equal(FrameType.Flush, (await ReadAsync(secondServer))?.Type);
    }

    private static Task<FrameHeader?> ReadAsync(Lane lane) => Soon.DoneAsync("a frame", lane.ReadHeaderAsync(default).AsTask());

    // TCP can't tell an end from a loss where nothing was under way; either way nobody waits for more.
    private static async Task AssertEndedAsync(Task<FrameHeader?> reading)
    {
        try
        {
            Assert.Null(await Soon.DoneAsync("the other side's read to end", reading));
        }
        catch (LaneException exception)
        {
            Assert.Equal(FailureCode.PathLost, exception.Code);
        }
    }

    private static (FrameHeader Header, byte[] Body)[] Frames(int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable.Range(0, 300).Select(i =>
            {
                FrameType type = Enum.GetValues<FrameType>()[random.Next(Enum.GetValues<FrameType>().Length)];
                byte[] body = new byte[random.Next(Math.Min(FrameLimits.MaxBodyBytes(type)!.Value, 9_000) + 1)];
                random.NextBytes(body);
                return (new FrameHeader(type, (FailureCode)random.Next(100), body.Length, i, random.Next(255)), body);
            }),
        ];
    }

    private static async Task WriteAllAsync(Lane lane, (FrameHeader Header, byte[] Body)[] frames)
    {
        foreach (var (header, body) in frames) await lane.WriteAsync(header, body, default);
    }

    private static async Task ExpectAllAsync(Lane lane, (FrameHeader Header, byte[] Body)[] frames)
    {
        foreach (var (header, body) in frames)
        {
            Assert.Equal(header, await lane.ReadHeaderAsync(default));
            byte[] read = new byte[header.BodyBytes];
            // In two parts: a body may be read piece by piece.
            await lane.ReadBodyAsync(read.AsMemory(0, read.Length / 2), default);
            await lane.ReadBodyAsync(read.AsMemory(read.Length / 2), default);
            Assert.Equal(body, read);
        }
    }

    private const int Chunks = 6;

    private static async Task WriteChunksAsync(Lane lane)
    {
        using var pool = new ChunkBufferPool(FileLayout.MaxChunkBytes, 1);
        for (int i = 0; i < Chunks; i++)
        {
            using ChunkBuffer chunk = (await pool.RentAsync(default)).For(new(i, 200), FileLayout.MaxChunkBytes);
            new Random(i).NextBytes(chunk.Payload.Span);
            chunk.Seal(Blake3.Hash(chunk.Payload.Span));
            await lane.WriteAsync(chunk.Frame, default);
        }
    }

    private static async Task ExpectChunksAsync(Lane lane)
    {
        using var pool = new ChunkBufferPool(FileLayout.MaxChunkBytes, 1);
        for (int i = 0; i < Chunks; i++)
        {
            FrameHeader header = (await lane.ReadHeaderAsync(default))!.Value;
            Assert.Equal(FrameHeader.About(FrameType.Chunk, new(i, 200), Digest.SizeBytes + FileLayout.MaxChunkBytes), header);
            using ChunkBuffer chunk = (await pool.RentAsync(default)).For(header.Index, FileLayout.MaxChunkBytes);
            await lane.ReadBodyAsync(chunk.Body, default);
            Assert.Equal(Blake3.Hash(chunk.Payload.Span), chunk.Hash);
        }
    }
}
