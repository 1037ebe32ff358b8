using ChunkStream.Core.Layout;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Layout;

public sealed class FileLayoutTests
{
    private const int Chunk = 64 * 1024;
    private const long TiB = 1L << 40;

    private static readonly Gen<int> s_chunkBytes = Gen.Int[16, 20].Select(power => 1 << power);

    // Sizes near the places where something changes: ends of chunks and of stripes, from one byte to 16 TiB.
    private static readonly Gen<FileLayout> s_layouts = Gen.Select(s_chunkBytes, Gen.Int[1, 128], Gen.Int[0, 127]).SelectMany(
        (chunkBytes, k, m) => Gen.OneOf(
                Gen.Long[1, 3L * k * chunkBytes],
                Gen.Select(Gen.Long[1, 5], Gen.Long[-2, 2], (stripes, delta) => Math.Max(1, stripes * k * chunkBytes + delta)),
                Gen.Select(Gen.Long[1, 5], Gen.Long[-2, 2], (chunks, delta) => Math.Max(1, chunks * chunkBytes + delta)),
                Gen.Select(Gen.Long[0, 40], Gen.Long[0, 1000], (power, below) => Math.Max(1, (16 * TiB >> (int)power) - below)))
            .Select(size => new FileLayout(size, chunkBytes, k, m)));

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(Chunk - 1, 1, 1)]
    [InlineData(Chunk, 1, 1)]
    [InlineData(Chunk + 1, 2, 1)]
    [InlineData(10 * Chunk - 1, 10, 1)]
    [InlineData(10 * Chunk, 10, 1)]
    [InlineData(10 * Chunk + 1, 11, 2)]
    [InlineData(16 * TiB, 1L << 28, 26_843_546)]
    [InlineData(16 * TiB - 1, 1L << 28, 26_843_546)]
    public void ChunksAndStripesOfSizesAtTheEdges(long sizeBytes, long dataChunks, int stripes)
    {
        var layout = new FileLayout(sizeBytes, Chunk, 10, 3);
        Assert.Equal((dataChunks, stripes), (layout.DataChunkCount, layout.StripeCount));
        Assert.Equal(dataChunks + 3L * stripes, layout.ChunkCount);
        Assert.Equal(sizeBytes == 0, layout.IsEmpty);
        Assert.Equal(dataChunks == 1, layout.IsSingleChunk);
    }

    [Fact]
    public void OneByteIsOneDataChunkAndParityOfOneByte()
    {
        var layout = new FileLayout(1, Chunk, 10, 3);
        Assert.Equal([0, 10, 11, 12], layout.ShardsOf(0));
        Assert.All(layout.ShardsOf(0), shard => Assert.Equal(1, layout.LengthOf(new(0, shard))));
        Assert.Equal(4, layout.StoredBytes);
        Assert.False(layout.Contains(new(0, 1)));
        Assert.False(layout.Contains(new(1, 0)));
    }

    [Fact]
    public void TheLastStripeHasTheParityOfItsLongestChunk()
    {
        var layout = new FileLayout(10 * Chunk + 2 * Chunk + 7, Chunk, 10, 3);
        Assert.Equal([0, 1, 2, 10, 11, 12], layout.ShardsOf(1));
        Assert.Equal(Chunk, layout.ParityLength(1));
        Assert.Equal(7, layout.LengthOf(new(1, 2)));
        Assert.Equal((10L * Chunk, 2 * Chunk + 7), layout.DataRangeOf(1));
        Assert.Equal((2, Chunk + 7L), (layout.ChunksInShard(2), layout.ShardBytes(2)));
        Assert.Equal((1, (long)Chunk), (layout.ChunksInShard(3), layout.ShardBytes(3)));
        Assert.Equal((2, 2L * Chunk), (layout.ChunksInShard(12), layout.ShardBytes(12)));

        var shortOnly = new FileLayout(10 * Chunk + 7, Chunk, 10, 3);
        Assert.Equal(7, shortOnly.ParityLength(1));
        Assert.Equal(Chunk + 7L, shortOnly.ShardBytes(10));
    }

    [Fact]
    public void AnEmptyFileHasNothing()
    {
        var layout = new FileLayout(0, Chunk, 10, 3);
        Assert.Equal((0, 0L, 0L), (layout.StripeCount, layout.ChunkCount, layout.StoredBytes));
        Assert.Equal((0, 0L), (layout.ChunksInShard(0), layout.ShardBytes(12)));
        Assert.False(layout.Contains(new(0, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.ShardsOf(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.IndexAt(0));
    }

    [Fact]
    public void DataChunksTileTheFileExactly() => s_layouts.Sample(layout =>
    {
        foreach (int stripe in SomeStripes(layout))
        {
            (long start, int lengthBytes) = layout.DataRangeOf(stripe);
            long at = start;
            for (int shard = 0; shard < layout.DataChunksOf(stripe); shard++)
            {
                var index = new ChunkIndex(stripe, shard);
                Assert.Equal(at, layout.OffsetOf(index));
                Assert.Equal(index, layout.IndexAt(at));
                at += layout.LengthOf(index);
                Assert.Equal(index, layout.IndexAt(at - 1));
                Assert.InRange(layout.LengthOf(index), 1, layout.ChunkBytes);
                Assert.True(layout.LengthOf(index) == layout.ChunkBytes || at == layout.SizeBytes, "only the file's last chunk is short");
            }
            Assert.Equal(start + lengthBytes, at);
            Assert.Equal(stripe == layout.StripeCount - 1 ? layout.SizeBytes : layout.DataRangeOf(stripe + 1).OffsetBytes, at);
        }
        Assert.Equal(0, layout.DataRangeOf(0).OffsetBytes);
    });

    [Fact]
    public void ShardsOfAStripeAreThoseThatAreContained() => s_layouts.Sample(layout =>
    {
        foreach (int stripe in SomeStripes(layout))
        {
            ShardSet shards = layout.ShardsOf(stripe);
            Assert.Equal(layout.DataChunksOf(stripe) + layout.ParityShards, shards.Count);
            for (int shard = 0; shard < 256; shard++) Assert.Equal(layout.Contains(new(stripe, shard)), shards.Contains(shard));
            int longest = shards.Max(shard => layout.LengthOf(new(stripe, shard)));
            Assert.Equal(longest, layout.ParityLength(stripe));
            Assert.All(shards.Where(shard => shard >= layout.DataShards), shard => Assert.Equal(longest, layout.LengthOf(new(stripe, shard))));
        }
        Assert.False(layout.Contains(new(layout.StripeCount, 0)));
        Assert.False(layout.Contains(new(-1, 0)));
        Assert.False(layout.Contains(new(0, -1)));
    });

    [Fact]
    public void ColumnsAddUpToWhatIsStored() => s_layouts.Sample(layout =>
    {
        long bytes = 0, dataBytes = 0, chunks = 0;
        for (int shard = 0; shard < layout.ShardCount; shard++)
        {
            bytes += layout.ShardBytes(shard);
            chunks += layout.ChunksInShard(shard);
            if (shard < layout.DataShards) dataBytes += layout.ShardBytes(shard);
        }
        Assert.Equal(layout.StoredBytes, bytes);
        Assert.Equal(layout.SizeBytes, dataBytes);
        Assert.Equal(layout.ChunkCount, chunks);
    });

    [Theory]
    [InlineData(-1, Chunk, 10, 3, "sizeBytes")]
    [InlineData(16 * TiB + 1, Chunk, 10, 3, "sizeBytes")]
    [InlineData(1, Chunk / 2, 10, 3, "chunkBytes")]
    [InlineData(1, Chunk + 1, 10, 3, "chunkBytes")]
    [InlineData(1, 2 * 1024 * 1024, 10, 3, "chunkBytes")]
    [InlineData(1, int.MinValue, 10, 3, "chunkBytes")]
    [InlineData(1, Chunk, 0, 3, "dataShards")]
    [InlineData(1, Chunk, 129, 3, "dataShards")]
    [InlineData(1, Chunk, 10, -1, "parityShards")]
    [InlineData(1, Chunk, 128, 128, "parityShards")]
    [InlineData(1, Chunk, 1, int.MaxValue, "parityShards")]
    public void ValuesOutOfBoundsAreNamed(long sizeBytes, int chunkBytes, int dataShards, int parityShards, string name)
    {
        (string Name, object Value, string Allowed)? problem = FileLayout.Check(sizeBytes, chunkBytes, dataShards, parityShards);
        Assert.Equal(name, problem?.Name);
        ArgumentOutOfRangeException refusal =
            Assert.Throws<ArgumentOutOfRangeException>(() => new FileLayout(sizeBytes, chunkBytes, dataShards, parityShards));
        Assert.Equal((name, problem?.Value), (refusal.ParamName, refusal.ActualValue));
        Assert.Contains(problem!.Value.Allowed, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(-1, 0)]
    [InlineData(1, 1)]
    [InlineData(0, 13)]
    [InlineData(0, -1)]
    public void AChunkThatDoesNotExistIsRefused(int stripe, int shard)
    {
        var layout = new FileLayout(10 * Chunk + 1, Chunk, 10, 3);
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.LengthOf(new(stripe, shard)));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.OffsetOf(new(stripe, shard)));
    }

    [Fact]
    public void ParityHasNoOffset()
    {
        var layout = new FileLayout(1, Chunk, 10, 3);
        Assert.True(layout.IsParity(new(0, 10)));
        Assert.Throws<ArgumentOutOfRangeException>(() => layout.OffsetOf(new(0, 10)));
    }

    [Fact]
    public void LayoutsOfEqualNumbersAreEqual()
    {
        Assert.Equal(new FileLayout(5, Chunk, 10, 3), new FileLayout(5, Chunk, 10, 3));
        Assert.NotEqual(new FileLayout(5, Chunk, 10, 3), new FileLayout(6, Chunk, 10, 3));
    }

    // The first and last ones and some between: all of them would be millions.
    private static IEnumerable<int> SomeStripes(FileLayout layout) =>
        new[] { 0, 1, layout.StripeCount / 2, layout.StripeCount - 2, layout.StripeCount - 1 }
            .Where(stripe => (uint)stripe < (uint)layout.StripeCount).Distinct();
}
