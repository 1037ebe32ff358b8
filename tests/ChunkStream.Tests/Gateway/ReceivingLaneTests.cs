using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Frames;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Gateway;

/// <summary>Lanes that send to a real gateway, by clients that don't keep to the protocol.</summary>
public sealed class ReceivingLaneTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private static readonly ChunkIndex s_chunk = new(0, 1);

    private readonly GatewayService _service = fixture.Service;

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Chunks_are_accepted_and_committed_and_a_new_lane_hears_of_them_first(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane lane = await _service.DialAsync(kind, transfer.Ticket);
        Guid life = await lane.WelcomeAsync();
        foreach (ChunkIndex index in transfer.Chunks) await lane.SendAsync(transfer, index);
        await lane.WriteAsync(FrameHeader.Of(FrameType.Flush, 0));
        Assert.Equal(transfer.Chunks, (await lane.UntilCommittedAsync(transfer, transfer.Chunks)).Order());
        Assert.Equal(transfer.Chunks, await transfer.CommittedAsync());

        await using ClientLane second = await _service.DialAsync(kind, transfer.Ticket);
        Assert.Equal(life, await second.WelcomeAsync());
        (FrameHeader header, byte[] body) = await second.NextAsync();
        Assert.Equal(FrameType.Committed, header.Type);
        Assert.True(CommittedBody.TryRead(body, transfer.Layout, out ChunkSet told));
        Assert.Equal(transfer.Chunks, Core.Layout.Layouts.Members(told).Order());
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_chunk_with_a_wrong_hash_is_refused_and_the_right_one_accepted_on_the_same_lane(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane lane = await _service.DialAsync(kind, transfer.Ticket);
        await lane.WelcomeAsync();
        // The hash of the bytes alone isn't that of a chunk: it has to be the value at the chunk's place in the file.
        byte[] flipped = [.. transfer.Bytes(s_chunk)];
        flipped[^1] ^= 1;
        (Digest Hash, byte[] Bytes)[] wrong =
        [
            (Blake3.Hash(transfer.Bytes(s_chunk)), transfer.Bytes(s_chunk)), (default, transfer.Bytes(s_chunk)), (transfer.Hash(s_chunk), flipped),
        ];
        foreach (var (hash, bytes) in wrong)
        {
            await lane.SendAsync(s_chunk, hash, bytes);
            Assert.Equal(FrameHeader.About(FrameType.Refused, s_chunk, code: FailureCode.ChunkHashMismatch), (await lane.NextAsync()).Header);
        }
        Assert.Empty(await transfer.CommittedAsync());

        await lane.SendAsync(transfer, s_chunk);
        Assert.Equal([s_chunk], await lane.UntilCommittedAsync(transfer, s_chunk));
        Assert.Equal([s_chunk], await transfer.CommittedAsync());
    }

    [Fact]
    public async Task A_chunk_that_is_refused_five_times_is_kept_as_failed_until_it_is_committed()
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane lane = await _service.DialAsync(LaneKind.Tls, transfer.Ticket);
        await lane.WelcomeAsync();
        for (int refusals = 1; refusals <= 5; refusals++)
        {
            await lane.SendAsync(s_chunk, default, transfer.Bytes(s_chunk));
            Assert.Equal(FrameType.Refused, (await lane.NextAsync()).Header.Type);
            Assert.Equal(refusals == 5 ? [s_chunk] : [], Core.Layout.Layouts.Members((await transfer.SessionAsync()).Failed));
        }
        await lane.SendAsync(transfer, s_chunk);
        await lane.UntilCommittedAsync(transfer, s_chunk);
        Assert.Empty(Core.Layout.Layouts.Members((await transfer.SessionAsync()).Failed));
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_chunk_outside_of_the_layout_ends_the_lane(LaneKind kind)
    {
        // Two stripes of 2 + 1; the last has both its data chunks, one of them short. And a file whose last stripe has one alone.
        await AssertRefusedAsync(kind, await _service.OpenAsync(), FailureCode.ChunkOutsideLayout, new(2, 0), new(0, 3), new(0, 65_535), new(int.MaxValue, 0));
        GatewayTransfer odd = await _service.OpenAsync(2 * FileLayout.MinChunkBytes + 1);
        await AssertRefusedAsync(kind, odd, FailureCode.ChunkOutsideLayout, new(1, 1), new(-1, 0));
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_chunk_of_another_length_ends_the_lane(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        foreach (int bodyBytes in (int[])[0, 31, 32, 32 + FileLayout.MinChunkBytes - 1, 32 + FileLayout.MinChunkBytes + 1, 32 + FileLayout.MaxChunkBytes])
        {
            await using ClientLane lane = await _service.DialAsync(kind, transfer.Ticket);
            await lane.WelcomeAsync();
            await lane.WriteAsync(FrameHeader.About(FrameType.Chunk, s_chunk, bodyBytes), new byte[bodyBytes]);
            Failure failure = await lane.FailsAsync();
            Assert.Equal(FailureCode.ChunkLengthWrong, failure.Code);
            Assert.Contains("the layout says 65536", failure.Message, StringComparison.Ordinal);
        }
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_frame_that_is_too_long_or_of_another_version_ends_the_lane(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        FrameHeader tooLong = FrameHeader.About(FrameType.Chunk, s_chunk, 32 + FileLayout.MaxChunkBytes + 1);
        await AssertEndsAsync(kind, transfer, lane => lane.WriteAsync(tooLong), FailureCode.FrameTooLong);
        await AssertEndsAsync(kind, transfer, lane => lane.WriteAsync(FrameHeader.Of(FrameType.Ping, 9), new byte[9]), FailureCode.FrameTooLong);
        await AssertEndsAsync(kind, transfer, lane => lane.WriteAsync(FrameHeader.Of(FrameType.Flush, 1), new byte[1]), FailureCode.FrameTooLong);
        await AssertEndsAsync(kind, transfer, lane => lane.WriteAsync(Enumerable.Repeat((byte)0xEE, 64).ToArray()), FailureCode.VersionUnsupported);
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_lane_that_ends_within_a_chunk_is_truncated_and_nothing_of_it_is_kept(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await AssertEndsAsync(
            kind, transfer,
            async lane =>
            {
                byte[] half = new byte[FrameHeader.SizeBytes + Digest.SizeBytes + 30_000];
                FrameHeader.About(FrameType.Chunk, s_chunk, Digest.SizeBytes + FileLayout.MinChunkBytes).Write(half);
                transfer.Hash(s_chunk).CopyTo(half.AsSpan(FrameHeader.SizeBytes));
                transfer.Bytes(s_chunk).AsSpan(0, 30_000).CopyTo(half.AsSpan(FrameHeader.SizeBytes + Digest.SizeBytes));
                await lane.WriteAsync(half);
                await lane.Lane.CloseAsync(default);
            },
            FailureCode.FrameTruncated);
        Assert.Empty(await transfer.CommittedAsync());
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_frame_that_has_no_place_on_a_sending_lane_ends_it(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        FrameType[] allowed = [FrameType.Chunk, FrameType.Ping, FrameType.Flush, FrameType.Fail];
        foreach (FrameType type in Enum.GetValues<FrameType>().Except(allowed))
            await AssertEndsAsync(kind, transfer, lane => lane.WriteAsync(FrameHeader.Of(type, 0)), FailureCode.FrameUnknown);
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Random_bytes_after_the_handshake_end_the_lane(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        for (int seed = 100; seed < 110; seed++)
        {
            byte[] bytes = new byte[100 + new Random(seed).Next(3_000)];
            new Random(seed).NextBytes(bytes);
            if (seed % 2 == 0) (bytes[0], bytes[1]) = (FrameHeader.Version, (byte)FrameType.Chunk);
            await using ClientLane lane = await _service.DialAsync(kind, transfer.Ticket);
            await lane.WelcomeAsync();
            await lane.WriteAsync(bytes);
            await lane.Lane.CloseAsync(default);
            FailureCode code = (await lane.FailsAsync()).Code;
            Assert.True(
                code is FailureCode.VersionUnsupported or FailureCode.FrameUnknown or FailureCode.FrameTooLong or FailureCode.FrameTruncated
                    or FailureCode.ChunkOutsideLayout or FailureCode.ChunkLengthWrong,
                $"Seed {seed}: {code}.");
        }
        Assert.Empty(await transfer.CommittedAsync());
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task An_echo_has_the_same_bytes(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane lane = await _service.DialAsync(kind, transfer.Ticket);
        await lane.WelcomeAsync();
        foreach (byte[] body in (byte[][])[[1, 2, 3, 4, 5, 6, 7, 8], [], [9]])
        {
            await lane.WriteAsync(FrameHeader.Of(FrameType.Ping, body.Length), body);
            (FrameHeader header, byte[] echo) = await lane.NextAsync();
            Assert.Equal(FrameHeader.Of(FrameType.Pong, body.Length), header);
            Assert.Equal(body, echo);
        }
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_client_may_end_a_lane_in_any_way(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await AssertEndedAsync(async lane =>
        {
            byte[] reason = "enough"u8.ToArray();
            await lane.WriteAsync(FrameHeader.Of(FrameType.Fail, reason.Length, FailureCode.Cancelled), reason);
        });
        await AssertEndedAsync(lane => lane.Lane.CloseAsync(default).AsTask());
        await AssertEndedAsync(lane =>
        {
            lane.Lane.Abort();
            return Task.CompletedTask;
        });
        await _service.AssertUsableAsync(kind);

        async Task AssertEndedAsync(Func<ClientLane, Task> end)
        {
            await using ClientLane lane = await _service.DialAsync(kind, transfer.Ticket);
            await lane.WelcomeAsync();
            await end(lane);
            await lane.EndsAsync();
        }
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_lane_on_which_no_frame_comes_is_ended(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane lane = await _service.DialAsync(kind, transfer.Ticket);
        await lane.WelcomeAsync();
        await Soon.TrueAsync("the lane to be timed", () => _service.Time.Armed(GatewayService.LaneTimeout) == 1);
        _service.Time.Fire(GatewayService.LaneTimeout);
        Assert.Equal(FailureCode.TimedOut, (await lane.FailsAsync()).Code);
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_frame_that_comes_byte_by_byte_gets_no_more_time(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane lane = await _service.DialAsync(kind, transfer.Ticket);
        await lane.WelcomeAsync();
        await Soon.TrueAsync("the lane to be timed", () => _service.Time.Armed(GatewayService.LaneTimeout) == 1);
        int started = _service.Time.Started(GatewayService.LaneTimeout);
        byte[] header = new byte[FrameHeader.SizeBytes];
        FrameHeader.About(FrameType.Chunk, s_chunk, Digest.SizeBytes + FileLayout.MinChunkBytes).Write(header);
        foreach (byte part in (byte[])[.. header, .. new byte[20]]) await lane.WriteAsync(new[] { part });
        Assert.Equal(started, _service.Time.Started(GatewayService.LaneTimeout));
        _service.Time.Fire(GatewayService.LaneTimeout);
        Assert.Equal(FailureCode.TimedOut, (await lane.FailsAsync()).Code);
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_client_that_never_reads_holds_up_itself_alone(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane deaf = await _service.DialAsync(kind, transfer.Ticket);
        await deaf.WelcomeAsync();
        byte[] ping = new byte[FrameHeader.SizeBytes + 8];
        FrameHeader.Of(FrameType.Ping, 8).Write(ping);
        byte[] pings = [.. Enumerable.Repeat(ping, 2_000).SelectMany(bytes => bytes)];
        int written = 0;
        Task flooding = Task.Run(async () =>
        {
            try
            {
                for (; ; Interlocked.Increment(ref written)) await deaf.Lane.WriteAsync(pings, default);
            }
            catch (LaneException)
            {
            }
        });
        // Until its echoes fill all that lies between, and its own pings with them.
        for (int before = -1; before != Volatile.Read(ref written);)
        {
            before = Volatile.Read(ref written);
            await Task.WhenAny(flooding, Task.Delay(300));
        }
        Assert.False(flooding.IsCompleted);
        await _service.AssertUsableAsync(kind);

        Assert.True(_service.Time.Fire(GatewayService.LaneTimeout) >= 1);
        await Soon.DoneAsync("the lane to be ended", flooding);
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task The_same_chunks_on_two_lanes_at_once_are_written_and_committed_once(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync(40 * FileLayout.MinChunkBytes);
        int writes = _service.Store.Writes;
        await using ClientLane first = await _service.DialAsync(kind, transfer.Ticket), second = await _service.DialAsync(kind, transfer.Ticket);
        await first.WelcomeAsync();
        await second.WelcomeAsync();
        await Task.WhenAll(((ClientLane[])[first, second]).Select(async lane =>
        {
            foreach (ChunkIndex index in transfer.Chunks)
            {
                await lane.SendAsync(transfer, index);
                await lane.SendAsync(transfer, index);
            }
            List<ChunkIndex> accepted = await lane.UntilCommittedAsync(transfer, transfer.Chunks);
            Assert.Equal(transfer.Chunks, accepted.Distinct().Order());
        }));
        Assert.Equal(transfer.Chunks.Length, _service.Store.Writes - writes);
        Assert.Equal(transfer.Chunks, await transfer.CommittedAsync());
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Both_lanes_of_a_transfer_that_is_paused_are_told_so(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane first = await _service.DialAsync(kind, transfer.Ticket), second = await _service.DialAsync(kind, transfer.Ticket);
        Guid life = await first.WelcomeAsync();
        await second.WelcomeAsync();
        await first.SendAsync(transfer, s_chunk);
        await first.UntilCommittedAsync(transfer, s_chunk);

        await _service.Control.PauseAsync(transfer.Id, default);
        Assert.Equal(FailureCode.Paused, (await first.FailsAsync()).Code);
        Assert.Equal(FailureCode.Paused, (await second.FailsAsync()).Code);
        await using (ClientLane refused = await _service.DialAsync(kind, transfer.Ticket)) Assert.Equal(FailureCode.Paused, (await refused.FailsAsync()).Code);

        await _service.Control.ResumeAsync(transfer.Id, default);
        await using ClientLane again = await _service.DialAsync(kind, transfer.Ticket);
        Assert.NotEqual(life, await again.WelcomeAsync());
        await again.SendAsync(transfer, new(0, 0));
        await again.UntilCommittedAsync(transfer, s_chunk, new(0, 0));
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task The_lanes_of_a_transfer_that_is_cancelled_are_told_so(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane lane = await _service.DialAsync(kind, transfer.Ticket);
        await lane.WelcomeAsync();
        await _service.Control.CancelAsync(transfer.Id, default);
        Assert.Equal(FailureCode.Cancelled, (await lane.FailsAsync()).Code);
        await _service.AssertUsableAsync(kind);
    }

    private async Task AssertRefusedAsync(LaneKind kind, GatewayTransfer transfer, FailureCode expected, params ChunkIndex[] indices)
    {
        foreach (ChunkIndex index in indices)
            await AssertEndsAsync(
                kind, transfer, lane => lane.SendAsync(index, transfer.Hash(s_chunk), transfer.Bytes(s_chunk)), expected);
    }

    private async Task AssertEndsAsync(LaneKind kind, GatewayTransfer transfer, Func<ClientLane, Task> provoke, FailureCode expected)
    {
        await using ClientLane lane = await _service.DialAsync(kind, transfer.Ticket);
        await lane.WelcomeAsync();
        await provoke(lane);
        Assert.Equal(expected, (await lane.FailsAsync()).Code);
    }
}
