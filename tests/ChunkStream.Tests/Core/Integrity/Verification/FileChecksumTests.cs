using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Tests.Core.Integrity.Manifests;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity.Verification;

public sealed class FileChecksumTests
{
    [Fact]
    public Task Any_stream_in_any_pieces() =>
        Gen.Select(Gen.Int[0, 5_000_000], Gen.Int[1, 3], Gen.Int).SampleAsync(async (length, threads, seed) =>
        {
            byte[] data = new byte[length];
            new Random(seed).NextBytes(data);
            FileChecksum checksum = await FileChecksum.ComputeAsync(new TricklingStream(data, seed, most: 1_000_000), threads);
            Assert.Equal(new FileChecksum(Blake3.Hash(data), length), checksum);
        }, iter: 20);

    [Theory, InlineData(0), InlineData(1 << 20), InlineData(2 << 20), InlineData(4 << 20), InlineData((4 << 20) + 1)]
    public async Task Lengths_at_the_edges_of_buffers(int length)
    {
        byte[] data = TestVectors.Input(length);
        foreach (int threads in (int[])[1, 2])
            Assert.Equal(Blake3.Hash(data), (await FileChecksum.ComputeAsync(new MemoryStream(data), threads)).Hash);
    }

    [Fact]
    public void Updates_in_parallel_equal_one_shot() =>
        Gen.Select(Gen.Int[0, 8].Array[1, 6], Gen.Int[0, 1024], Gen.Int[1, 3]).Sample((pieces, odd, threads) =>
        {
            var hasher = new Blake3Hasher();
            List<byte> all = [];
            foreach (int quarters in pieces)
            {
                byte[] data = TestVectors.Input(quarters * 256 * 1024);
                hasher.UpdateParallel(data, threads);
                all.AddRange(data);
                Assert.Equal(Blake3.Hash(all.ToArray()), hasher.Finish());
            }
            byte[] last = TestVectors.Input(odd);
            hasher.UpdateParallel(last, threads);
            hasher.UpdateParallel(TestVectors.Input(600 * 1024), threads);
            all.AddRange([.. last, .. TestVectors.Input(600 * 1024)]);
            Assert.Equal(Blake3.Hash(all.ToArray()), hasher.Finish());
        }, iter: 20);

    [Fact]
    public async Task Bad_arguments_and_cancellation()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => FileChecksum.ComputeAsync(Stream.Null, 0));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            FileChecksum.ComputeAsync(new MemoryStream(new byte[9]), 1, new CancellationToken(canceled: true)));
    }
}
