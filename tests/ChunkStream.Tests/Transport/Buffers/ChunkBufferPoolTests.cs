using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Protocol.Frames;
using ChunkStream.Transport.Buffers;
using Xunit;

namespace ChunkStream.Tests.Transport.Buffers;

public sealed class ChunkBufferPoolTests
{
    [Fact]
    public async Task No_more_buffers_are_out_than_its_capacity()
    {
        using var pool = new ChunkBufferPool(64, 2);
        ChunkBuffer first = await pool.RentAsync(default), second = await pool.RentAsync(default);
        Task<ChunkBuffer> third = pool.RentAsync(default).AsTask();
        Assert.False(third.IsCompleted);
        Assert.Equal(2, pool.Rented);

        second.Dispose();
        Assert.Same(second, await Soon.DoneAsync("a buffer that was given back", third));
        first.Dispose();
        second.Dispose();
        Assert.Equal(0, pool.Rented);
    }

    [Fact]
    public async Task Giving_a_buffer_back_twice_changes_nothing()
    {
        using var pool = new ChunkBufferPool(64, 2);
        ChunkBuffer first = await pool.RentAsync(default);
        first.Dispose();
        first.Dispose();
        ChunkBuffer second = await pool.RentAsync(default), third = await pool.RentAsync(default);
        Assert.NotSame(second, third);
        Assert.Equal(2, pool.Rented);
    }

    [Fact]
    public async Task Waiting_for_a_buffer_can_be_cancelled_and_takes_none()
    {
        using var pool = new ChunkBufferPool(64, 1);
        using var cancelled = new CancellationTokenSource();
        ChunkBuffer only = await pool.RentAsync(default);
        Task<ChunkBuffer> waiting = pool.RentAsync(cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        only.Dispose();
        Assert.Same(only, await pool.RentAsync(default));
    }

    [Fact]
    public async Task A_sealed_buffer_is_a_whole_frame()
    {
        using var pool = new ChunkBufferPool(64, 1);
        using ChunkBuffer chunk = (await pool.RentAsync(default)).For(new(7, 11), 5);
        "hello"u8.CopyTo(chunk.Payload.Span);
        Digest hash = Blake3.Hash("hello"u8);
        chunk.Seal(hash);

        ReadOnlyMemory<byte> frame = chunk.Frame;
        Assert.Equal(FailureCode.None, FrameHeader.TryRead(frame.Span, out FrameHeader header));
        Assert.Equal(FrameHeader.About(FrameType.Chunk, new(7, 11), Digest.SizeBytes + 5), header);
        Assert.Equal(hash, new Digest(frame.Span.Slice(FrameHeader.SizeBytes, Digest.SizeBytes)));
        Assert.Equal("hello"u8.ToArray(), frame[(FrameHeader.SizeBytes + Digest.SizeBytes)..].ToArray());
        Assert.Equal(hash, chunk.Hash);
        Assert.Throws<ArgumentOutOfRangeException>(() => chunk.For(new(0, 0), 65));
    }
}
