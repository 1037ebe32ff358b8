using ChunkStream.Cli.Bench;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;
using ChunkStream.Tests.Cli;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity;

public sealed class B3SumTests
{
    [B3SumFact]
    public async Task Real_files_have_the_hash_that_b3sum_prints()
    {
        using var folder = new TestFolder();
        foreach (int sizeBytes in (int[])[0, 1, 1024, 1025, 65_536, 1_048_577, 3_333_333, 20_000_000])
        {
            byte[] bytes = new byte[sizeBytes];
            new Random(sizeBytes).NextBytes(bytes);
            string path = folder[$"{sizeBytes}"];
            await File.WriteAllBytesAsync(path, bytes);
            var printed = Digest.Parse(B3Sum.Hash(path, threads: 0)!);

            await using FileStream stream = File.OpenRead(path);
            Assert.Equal(new FileChecksum(printed, sizeBytes), await FileChecksum.ComputeAsync(stream, maxThreads: 2));
            Assert.Equal(printed, Blake3.HashParallel(bytes, maxThreads: 3));
            Assert.Equal(printed, Merged(bytes));
        }
    }

    // By the chunks' values alone, the last one first.
    private static Digest Merged(byte[] bytes)
    {
        var layout = new FileLayout(bytes.Length, FileLayout.MinChunkBytes, 10, 3);
        var merger = new SubtreeMerger(bytes.Length, layout.ChunkBytes);
        for (long number = layout.DataChunkCount - 1; number >= 0; number--)
        {
            ChunkIndex index = layout.IndexAt(number * layout.ChunkBytes);
            merger.Add(number, ChunkHash.Of(layout, index, bytes.AsSpan((int)layout.OffsetOf(index), layout.LengthOf(index))));
        }
        return merger.Root();
    }
}
