using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity;

public sealed class ChunkHashTests
{
    private static readonly byte[] Bytes = TestVectors.Input(FileLayout.MinChunkBytes);

    [Fact]
    public void A_data_chunk_is_a_subtree_at_its_offset()
    {
        var layout = new FileLayout(40L * FileLayout.MinChunkBytes, FileLayout.MinChunkBytes, 10, 3);
        Assert.Equal(
            Blake3.Subtree(Bytes, 12 * FileLayout.MinChunkBytes), ChunkHash.Of(layout, new ChunkIndex(1, 2), Bytes));
        Assert.NotEqual(
            ChunkHash.Of(layout, new ChunkIndex(1, 3), Bytes), ChunkHash.Of(layout, new ChunkIndex(1, 2), Bytes));
    }

    [Fact]
    public void A_parity_chunk_is_hashed_as_a_file_of_its_own()
    {
        var layout = new FileLayout(40L * FileLayout.MinChunkBytes, FileLayout.MinChunkBytes, 10, 3);
        Assert.Equal(Blake3.Hash(Bytes), ChunkHash.Of(layout, new ChunkIndex(3, 12), Bytes));
    }

    [Fact]
    public void The_only_chunk_of_a_file_is_its_root()
    {
        var layout = new FileLayout(Bytes.Length, FileLayout.MinChunkBytes, 10, 3);
        Assert.Equal(Blake3.Hash(Bytes), ChunkHash.Of(layout, new ChunkIndex(0, 0), Bytes));
    }

    [Fact]
    public void A_chunk_of_another_length_or_index_is_refused()
    {
        var layout = new FileLayout(Bytes.Length + 1, FileLayout.MinChunkBytes, 10, 3);
        Assert.Throws<ArgumentException>(() => ChunkHash.Of(layout, new ChunkIndex(0, 1), Bytes));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkHash.Of(layout, new ChunkIndex(0, 2), Bytes));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkHash.Of(layout, new ChunkIndex(1, 0), Bytes));
    }

    [Fact]
    public void Hashing_a_chunk_allocates_nothing()
    {
        var layout = new FileLayout(40L * FileLayout.MinChunkBytes, FileLayout.MinChunkBytes, 10, 3);
        for (int i = 0; i < 3; i++) HashOneOfEach(layout);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) HashOneOfEach(layout);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void HashOneOfEach(FileLayout layout)
    {
        ChunkHash.Of(layout, new ChunkIndex(1, 2), Bytes);
        ChunkHash.Of(layout, new ChunkIndex(1, 12), Bytes);
    }
}
