using System.Buffers.Binary;
using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Frames;
using ChunkStream.Tests.Core.Layout;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Protocol.Frames;

public sealed class CommittedBodyTests
{
    private static readonly FileLayout s_layout = new(40L * 4 * FileLayout.MinChunkBytes + 1, FileLayout.MinChunkBytes, 4, 2);

    [Fact]
    public void What_is_written_is_read() => Layouts.SetOf(s_layout).Sample(chunks =>
    {
        ChunkSet read = ReadAll(CommittedBody.Write(chunks));
        Assert.Equal(chunks.ToBytes(), read.ToBytes());
    });

    [Fact]
    public void An_empty_set_needs_no_frame() => Assert.Empty(CommittedBody.Write(new(6)));

    [Fact]
    public void A_set_that_doesnt_fit_goes_in_several_frames()
    {
        // Every other stripe of every shard: one interval each, 6 × 4,000 of them, where a frame holds 5,461.
        FileLayout layout = new(8_000L * 4 * FileLayout.MinChunkBytes, FileLayout.MinChunkBytes, 4, 2);
        var chunks = new ChunkSet(layout.ShardCount);
        for (int stripe = 0; stripe < layout.StripeCount; stripe += 2)
            for (int shard = 0; shard < layout.ShardCount; shard++) chunks.Add(new ChunkIndex(stripe, shard));

        byte[][] bodies = [.. CommittedBody.Write(chunks)];

        Assert.Equal(5, bodies.Length);
        Assert.All(bodies, body => Assert.InRange(body.Length, 1, FrameLimits.MaxCommittedBytes));
        var read = new ChunkSet(layout.ShardCount);
        foreach (byte[] body in bodies)
        {
            Assert.True(CommittedBody.TryRead(body, layout, out ChunkSet part));
            read.Add(part);
        }
        Assert.Equal(chunks.ToBytes(), read.ToBytes());
    }

    [Fact]
    public void An_interval_outside_of_the_layout_is_refused()
    {
        // The last stripe, number 40, has one data chunk and the parity.
        Assert.True(CommittedBody.TryRead(Interval(0, 40, 41), s_layout, out _));
        Assert.True(CommittedBody.TryRead(Interval(5, 0, 41), s_layout, out _));
        Assert.False(CommittedBody.TryRead(Interval(1, 40, 41), s_layout, out _));
        Assert.False(CommittedBody.TryRead(Interval(0, 0, 42), s_layout, out _));
        Assert.False(CommittedBody.TryRead(Interval(6, 0, 1), s_layout, out _));
        Assert.False(CommittedBody.TryRead(Interval(-1, 0, 1), s_layout, out _));
        Assert.False(CommittedBody.TryRead(Interval(0, -1, 1), s_layout, out _));
        Assert.False(CommittedBody.TryRead(Interval(0, 3, 3), s_layout, out _));
        Assert.False(CommittedBody.TryRead(Interval(0, 3, 2), s_layout, out _));
        Assert.False(CommittedBody.TryRead(Interval(0, 0, int.MinValue), s_layout, out _));
    }

    [Fact]
    public void Random_bytes_are_a_set_of_the_layout_or_refused() => Gen.Byte.Array[0, 48].Sample(body =>
    {
        if (!CommittedBody.TryRead(body, s_layout, out ChunkSet chunks)) return;
        foreach (ChunkIndex index in Layouts.Members(chunks)) Assert.True(s_layout.Contains(index), $"{index}");
    }, iter: 10_000);

    [Fact]
    public void A_length_that_isnt_whole_intervals_is_refused() => Gen.Int[0, 100].Sample(length =>
        Assert.Equal(length == 0, CommittedBody.TryRead(new byte[length], s_layout, out _)));

    private static ChunkSet ReadAll(IEnumerable<byte[]> bodies)
    {
        var read = new ChunkSet(s_layout.ShardCount);
        foreach (byte[] body in bodies)
        {
            Assert.True(CommittedBody.TryRead(body, s_layout, out ChunkSet part));
            read.Add(part);
        }
        return read;
    }

    private static byte[] Interval(int shard, int start, int end)
    {
        byte[] body = new byte[CommittedBody.IntervalBytes];
        BinaryPrimitives.WriteInt32LittleEndian(body, shard);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), start);
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(8), end);
        return body;
    }
}
