using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;
using ChunkStream.Tests.Core.Integrity.Manifests;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity.Verification;

public sealed class ManifestVerifierTests
{
    private static readonly SampleFile File = new(9 * FileLayout.MinChunkBytes + 1);

    [Fact]
    public async Task A_sound_manifest_of_the_expected_file()
    {
        byte[] manifest = await File.ManifestAsync();
        Digest digest = Blake3.Hash(manifest.AsSpan(0, manifest.Length - Digest.SizeBytes));
        var expected = new FileExpectation
        {
            FileId = Manifest.FileId,
            SizeBytes = File.Layout.SizeBytes,
            Layout = File.Layout,
            ContentHash = File.ContentHash,
            ManifestDigest = digest,
        };

        ManifestVerification result = await ManifestVerifier.VerifyAsync(new MemoryStream(manifest), expected);

        Assert.True(result.IsGood);
        Assert.Equal(digest, result.ManifestDigest);
        Assert.Equal(File.Layout, result.Header!.Layout);
        Assert.True((await ManifestVerifier.VerifyAsync(new MemoryStream(manifest))).IsGood);
    }

    [Fact]
    public async Task Every_field_of_another_file_is_named()
    {
        var expected = new FileExpectation
        {
            FileId = Guid.Empty,
            SizeBytes = 1,
            Layout = new FileLayout(2, FileLayout.MaxChunkBytes, 10, 3),
            ContentHash = default(Digest),
            ManifestDigest = default(Digest),
        };

        ManifestVerification result = await ManifestVerifier.VerifyAsync(new MemoryStream(await File.ManifestAsync()), expected);

        Assert.Equal(ManifestProblem.OtherFile, result.Fault?.Problem);
        Assert.Equal(
            ["file id", "size in bytes", "size in bytes by the layout", "chunk size in bytes", "number of data shards",
                "number of parity shards", "content hash", "manifest digest"],
            result.Mismatches.Select(m => m.Field));
        Assert.Contains($"The size in bytes is {File.Layout.SizeBytes}, not 1.", result.Fault!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_manifest()
    {
        byte[] manifest = await File.ManifestAsync();
        manifest[^40] ^= 4;
        ManifestVerification result = await ManifestVerifier.VerifyAsync(new MemoryStream(manifest));
        Assert.Equal(ManifestProblem.DigestWrong, result.Fault?.Problem);
        Assert.NotNull(result.Header);
        Assert.Equal(ManifestProblem.Truncated, (await ManifestVerifier.VerifyAsync(Stream.Null)).Fault?.Problem);
    }
}
