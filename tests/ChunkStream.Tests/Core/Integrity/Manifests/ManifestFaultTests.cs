using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Layout;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity.Manifests;

public sealed class ManifestFaultTests
{
    private static readonly FileLayout Layout = new(5 * FileLayout.MinChunkBytes + 1, FileLayout.MinChunkBytes, 4, 2);

    [Fact]
    public async Task Any_single_flipped_bit_is_found()
    {
        byte[] bytes = await SoundAsync();
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            (ManifestReader reader, _) = await Manifest.ReadAsync(bytes);
            Assert.False(reader.IsVerified, $"Bit {bit} was flipped, and not found.");
            Assert.NotNull(reader.Fault);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        Assert.True((await Manifest.ReadAsync(bytes)).Reader.IsVerified);
    }

    [Fact]
    public async Task Any_shorter_manifest_is_truncated()
    {
        byte[] bytes = await SoundAsync();
        for (int length = 0; length < bytes.Length; length++)
        {
            (ManifestReader reader, _) = await Manifest.ReadAsync(bytes[..length]);
            Assert.Equal(ManifestProblem.Truncated, reader.Fault?.Problem);
            Assert.Contains($"{length} ", reader.Fault!.Detail, StringComparison.Ordinal);
            using var file = new TemporaryFile(bytes[..length]);
            Assert.Equal(ManifestProblem.Truncated, ManifestFile.Open(file.Handle, out _)?.Problem);
        }
    }

    [Fact]
    public async Task Bytes_after_the_footer_are_found()
    {
        byte[] bytes = [.. await SoundAsync(), 0];
        Assert.Equal(ManifestProblem.TrailingBytes, (await Manifest.ReadAsync(bytes)).Reader.Fault?.Problem);
        using var file = new TemporaryFile(bytes);
        Assert.Equal(ManifestProblem.TrailingBytes, ManifestFile.Open(file.Handle, out ManifestFile? manifest)?.Problem);
        Assert.Null(manifest);
    }

    [Theory]
    [InlineData(0, 0x00, ManifestProblem.NotAManifest)]
    [InlineData(4, 2, ManifestProblem.NewerVersion)]
    [InlineData(5, 1, ManifestProblem.NewerVersion)]
    [InlineData(4, 0, ManifestProblem.HeaderInvalid)]
    [InlineData(6, 80, ManifestProblem.HeaderInvalid)]
    [InlineData(38, 1, ManifestProblem.HeaderInvalid)]
    [InlineData(31, 0x80, ManifestProblem.LayoutInvalid)]
    [InlineData(32, 1, ManifestProblem.LayoutInvalid)]
    [InlineData(36, 0, ManifestProblem.LayoutInvalid)]
    [InlineData(37, 255, ManifestProblem.LayoutInvalid)]
    [InlineData(40, 9, ManifestProblem.StripeCountWrong)]
    [InlineData(8, 0xFF, ManifestProblem.DigestWrong)]
    [InlineData(50, 0x77, ManifestProblem.DigestWrong)]
    [InlineData(100, 0x77, ManifestProblem.DigestWrong)]
    public async Task A_changed_byte_is_named(int at, byte value, ManifestProblem expected)
    {
        byte[] bytes = await SoundAsync();
        bytes[at] = value;
        (ManifestReader reader, _) = await Manifest.ReadAsync(bytes);
        Assert.Equal(expected, reader.Fault?.Problem);
        Assert.False(await NextAsync(reader));
        Assert.Equal(FailureCode.ManifestInvalid, reader.Fault!.ToFailure().Code);
    }

    [Fact]
    public async Task A_newer_version_is_known_by_its_first_bytes() =>
        Assert.Equal(ManifestProblem.NewerVersion, (await Manifest.ReadAsync([.. "CSMF"u8, 2, 0])).Reader.Fault?.Problem);

    [Fact]
    public async Task Values_that_do_not_merge_to_the_content_hash_are_found()
    {
        (byte[] bytes, _) = await Manifest.WriteAsync(Layout, Manifest.RandomStripes(Layout), Blake3.Hash([1, 2, 3]));
        Assert.Equal(ManifestProblem.ContentHashWrong, (await Manifest.ReadAsync(bytes)).Reader.Fault?.Problem);
    }

    [Fact]
    public async Task Two_stripes_in_the_wrong_order_are_found()
    {
        var layout = new FileLayout(8 * FileLayout.MinChunkBytes, FileLayout.MinChunkBytes, 4, 2);
        Digest[][] stripes = Manifest.RandomStripes(layout);
        (byte[] bytes, _) = await Manifest.WriteAsync(layout, [stripes[1], stripes[0]], Manifest.ContentHash(layout, stripes));
        Assert.Equal(ManifestProblem.ContentHashWrong, (await Manifest.ReadAsync(bytes)).Reader.Fault?.Problem);
    }

    private static async Task<byte[]> SoundAsync() => (await Manifest.WriteAsync(Layout, Manifest.RandomStripes(Layout))).Bytes;

    private static async Task<bool> NextAsync(ManifestReader reader)
    {
        try
        {
            return await reader.ReadStripeAsync(new Digest[Layout.ShardCount]);
        }
        catch (InvalidOperationException) // No header, so there are no stripes to ask for.
        {
            return false;
        }
    }
}
