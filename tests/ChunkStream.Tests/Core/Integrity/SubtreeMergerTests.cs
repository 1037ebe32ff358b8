using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity;

public sealed class SubtreeMergerTests
{
    private const int ChunkBytes = FileLayout.MinChunkBytes;

    [Fact]
    public void Any_order_makes_the_files_hash() =>
        Gen.Select(Gen.Int[0, 20 * ChunkBytes], Gen.Int).Sample((sizeBytes, seed) =>
        {
            byte[] file = Data(sizeBytes);
            Digest[] values = ChunkValues(file);
            long[] order = [.. Enumerable.Range(0, values.Length).Select(i => (long)i)];
            new Random(seed).Shuffle(order);

            var merger = new SubtreeMerger(sizeBytes, ChunkBytes);
            foreach (long chunk in order)
            {
                Assert.False(merger.IsComplete);
                merger.Add(chunk, values[chunk]);
                merger.Add(order[0], values[order[0]]);
            }

            Assert.True(merger.IsComplete);
            Assert.Equal(Blake3.Hash(file), merger.Root());
        }, iter: 60);

    [Fact]
    public void A_chunk_that_comes_twice_changes_nothing()
    {
        byte[] file = Data(5 * ChunkBytes + 1);
        Digest[] values = ChunkValues(file);
        var merger = new SubtreeMerger(file.Length, ChunkBytes);
        for (int round = 0; round < 2; round++)
            for (int chunk = 0; chunk < values.Length; chunk++)
                for (int before = 0; before <= chunk; before++)
                    merger.Add(before, values[before]);
        Assert.Equal(Blake3.Hash(file), merger.Root());
    }

    [Fact]
    public void Chunks_in_order_wait_in_few_places()
    {
        const int chunks = 100_000;
        var merger = new SubtreeMerger((long)chunks * ChunkBytes - 1, ChunkBytes);
        int most = 0;
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            merger.Add(chunk, default);
            most = Math.Max(most, merger.WaitingCount);
        }
        Assert.True(merger.IsComplete);
        Assert.InRange(most, 1, 17);
    }

    [Fact]
    public void An_empty_file_is_complete_from_the_start()
    {
        var merger = new SubtreeMerger(0, ChunkBytes);
        Assert.True(merger.IsComplete);
        Assert.Equal(Blake3.Hash([]), merger.Root());
        Assert.Throws<ArgumentOutOfRangeException>(() => merger.Add(0, default));
    }

    [Fact]
    public void A_missing_or_unknown_chunk_is_an_error()
    {
        var merger = new SubtreeMerger(2 * ChunkBytes, ChunkBytes);
        merger.Add(1, default);
        Assert.Throws<InvalidOperationException>(() => merger.Root());
        Assert.Throws<ArgumentOutOfRangeException>(() => merger.Add(2, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => merger.Add(-1, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SubtreeMerger(1, 3000));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SubtreeMerger(-1, ChunkBytes));
    }

    private static Digest[] ChunkValues(byte[] file)
    {
        var layout = new FileLayout(file.Length, ChunkBytes, 3, 2);
        Digest[] values = new Digest[layout.DataChunkCount];
        for (int chunk = 0; chunk < values.Length; chunk++)
        {
            ChunkIndex index = layout.IndexAt((long)chunk * ChunkBytes);
            values[chunk] = ChunkHash.Of(layout, index, file.AsSpan(chunk * ChunkBytes, layout.LengthOf(index)));
        }
        return values;
    }

    private static byte[] Data(int lengthBytes)
    {
        byte[] data = new byte[lengthBytes];
        new Random(lengthBytes).NextBytes(data);
        return data;
    }
}
