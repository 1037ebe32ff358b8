using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity.Verification;

public sealed class BatchVerificationTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(8)]
    public void A_sound_file(int maxThreads)
    {
        var file = new SampleFile(40 * FileLayout.MinChunkBytes - 5);
        BatchVerification result = ChunkVerifier.VerifyAll(file.Layout, file.Chunks(), maxThreads);
        Assert.True(result.IsGood);
        Assert.Equal(file.Layout.ChunkCount, result.CheckedChunks);
        Assert.Equal(file.Layout.StoredBytes, result.CheckedBytes);
        Assert.Equal(0, result.Failed.Count);
        Assert.Empty(result.Details);
    }

    [Fact]
    public void The_summary_names_exactly_the_damaged_chunks() =>
        Gen.Select(Gen.Int[0, 59], Gen.Int[0, FileLayout.MinChunkBytes * 8 - 1]).Array[0, 20].Sample(damages =>
        {
            var file = new SampleFile(40 * FileLayout.MinChunkBytes);
            ChunkToVerify[] chunks = file.Chunks();
            HashSet<int> damaged = [];
            foreach ((int number, int bit) in damages)
            {
                if (!damaged.Add(number)) continue;
                byte[] bytes = chunks[number].Bytes.ToArray();
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                chunks[number] = chunks[number] with { Bytes = bytes };
            }

            BatchVerification result = ChunkVerifier.VerifyAll(file.Layout, chunks, maxThreads: 4);

            Assert.Equal(damaged.Count == 0, result.IsGood);
            Assert.Equal(damaged.Count, result.FailedChunks);
            Assert.Equal(damaged.Count, result.Failed.Count);
            Assert.All(damaged, number => Assert.True(result.Failed.Contains(chunks[number].Index)));
            Assert.Equal(damaged.Select(n => chunks[n].Index).Order(), result.Details.Select(d => d.Index).Order());
        }, iter: 20);

    [Fact]
    public void Details_are_bounded_and_the_set_is_not()
    {
        var file = new SampleFile(150 * FileLayout.MinChunkBytes);
        ChunkToVerify[] chunks = [.. file.Chunks().Select(chunk => chunk with { Expected = default })];
        BatchVerification result = ChunkVerifier.VerifyAll(file.Layout, chunks, maxThreads: 2);
        Assert.Equal(chunks.Length, result.Failed.Count);
        Assert.Equal(BatchVerification.MaxDetails, result.Details.Count);
        Assert.Contains($"{chunks.Length} of {chunks.Length}", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_chunk_outside_of_the_layout_counts_as_failed()
    {
        var file = new SampleFile(FileLayout.MinChunkBytes);
        BatchVerification result =
            ChunkVerifier.VerifyAll(file.Layout, new ChunkToVerify[] { new(new(7, 7), new byte[3], default) }, maxThreads: 1);
        Assert.Equal(1, result.FailedChunks);
        Assert.Equal(0, result.Failed.Count);
        Assert.Equal(ChunkFinding.OutsideLayout, Assert.Single(result.Details).Finding);
    }

    [Fact]
    public void Memory_grows_with_the_batch_and_not_with_its_chunks()
    {
        var file = new SampleFile(40 * FileLayout.MinChunkBytes);
        ChunkToVerify[] chunks = file.Chunks();
        ChunkVerifier.VerifyAll(file.Layout, chunks, maxThreads: 1);
        long few = Allocated(() => ChunkVerifier.VerifyAll(file.Layout, chunks.AsMemory(0, 5), maxThreads: 1));
        long many = Allocated(() => ChunkVerifier.VerifyAll(file.Layout, chunks, maxThreads: 1));
        Assert.Equal(few, many);
    }

    [Fact]
    public void Cancellation_is_heard()
    {
        var file = new SampleFile(10 * FileLayout.MinChunkBytes);
        foreach (int threads in (int[])[1, 4])
            Assert.ThrowsAny<OperationCanceledException>(() =>
                ChunkVerifier.VerifyAll(file.Layout, file.Chunks(), threads, new CancellationToken(canceled: true)));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkVerifier.VerifyAll(file.Layout, file.Chunks(), 0));
    }

    private static long Allocated(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
