using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;
using ChunkStream.Tests.Core.Integrity.Manifests;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity.Verification;

public sealed class FileVerifierTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(FileLayout.MinChunkBytes)]
    [InlineData(FileLayout.MinChunkBytes + 1)]
    [InlineData(4 * FileLayout.MinChunkBytes)]
    [InlineData(31 * FileLayout.MinChunkBytes + 5)]
    public async Task A_sound_file_is_good(int sizeBytes)
    {
        var file = new SampleFile(sizeBytes);
        foreach (int threads in (int[])[1, 3])
        {
            FileVerification result = await FileVerifier.VerifyAsync(
                new TricklingStream(file.Bytes, seed: 1, most: 100_000), new MemoryStream(await file.ManifestAsync()), threads);
            Assert.True(result.IsGood);
            Assert.Equal(file.Layout.DataChunkCount, result.Chunks!.CheckedChunks);
            Assert.Equal(sizeBytes, result.Chunks.CheckedBytes);
        }
    }

    [Fact]
    public Task Any_single_flipped_bit_of_the_file_is_found_and_placed() =>
        Gen.Long[0, (12 * FileLayout.MinChunkBytes + 99) * 8L - 1].SampleAsync(async bit =>
        {
            var file = new SampleFile(12 * FileLayout.MinChunkBytes + 99);
            byte[] manifest = await file.ManifestAsync();
            file.Bytes[bit / 8] ^= (byte)(1 << (int)(bit % 8));

            FileVerification result = await VerifyAsync(file.Bytes, manifest);

            Assert.False(result.IsGood);
            Assert.True(result.Manifest.IsGood);
            Assert.Equal(file.Layout.IndexAt(bit / 8), Assert.Single(result.Chunks!.Details).Index);
        }, iter: 30);

    [Fact]
    public async Task A_shorter_file_names_the_chunks_that_it_lacks()
    {
        var file = new SampleFile(6 * FileLayout.MinChunkBytes);
        byte[] shorter = file.Bytes[..(4 * FileLayout.MinChunkBytes + 10)];
        FileVerification result = await VerifyAsync(shorter, await file.ManifestAsync(), threads: 1);
        Assert.Equal([(10, new ChunkIndex(1, 0)), (0, new ChunkIndex(1, 1))], result.Chunks!.Details.Select(d => (d.FoundBytes, d.Index)));
        Assert.All(result.Chunks.Details, d => Assert.Equal(ChunkFinding.LengthWrong, d.Finding));
    }

    [Fact]
    public async Task A_longer_file_is_found()
    {
        var file = new SampleFile(6 * FileLayout.MinChunkBytes);
        FileVerification result = await VerifyAsync([.. file.Bytes, 0], await file.ManifestAsync());
        Assert.True(result.HasTrailingBytes);
        Assert.True(result.Chunks!.IsGood);
        Assert.False(result.IsGood);
    }

    [Fact]
    public async Task A_bad_manifest_says_nothing_of_the_file()
    {
        var file = new SampleFile(6 * FileLayout.MinChunkBytes);
        byte[] manifest = await file.ManifestAsync();
        FileVerification cut = await VerifyAsync(file.Bytes, manifest[..^1]);
        Assert.Equal(ManifestProblem.Truncated, cut.Manifest.Fault?.Problem);
        FileVerification none = await VerifyAsync(file.Bytes, [1, 2, 3]);
        Assert.Equal(ManifestProblem.NotAManifest, none.Manifest.Fault?.Problem);
        Assert.Null(none.Chunks);
        Assert.False(cut.IsGood || none.IsGood);
    }

    [Fact]
    public async Task Cancellation_and_the_streams_own_exceptions_pass_through()
    {
        var file = new SampleFile(6 * FileLayout.MinChunkBytes);
        byte[] manifest = await file.ManifestAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FileVerifier.VerifyAsync(
            new MemoryStream(file.Bytes), new MemoryStream(manifest), 1, cancellationToken: new CancellationToken(canceled: true)));
        var closed = new MemoryStream(file.Bytes);
        await closed.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => FileVerifier.VerifyAsync(closed, new MemoryStream(manifest), 1));
    }

    private static Task<FileVerification> VerifyAsync(byte[] file, byte[] manifest, int threads = 2) =>
        FileVerifier.VerifyAsync(new MemoryStream(file), new MemoryStream(manifest), threads);
}
