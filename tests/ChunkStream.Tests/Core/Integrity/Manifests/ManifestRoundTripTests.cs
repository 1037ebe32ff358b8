using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Layout;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity.Manifests;

public sealed class ManifestRoundTripTests
{
    private static readonly Gen<FileLayout> AnyLayout =
        Gen.Select(Gen.Int[1, 128], Gen.Int[0, 127], Gen.Int[0, 600], Gen.Int[0, 65535], Gen.Int[16, 20])
            .Select((k, m, chunks, rest, power) => new FileLayout((long)chunks * (1 << power) + rest, 1 << power, k, m));

    [Fact]
    public Task What_is_written_is_read() =>
        Gen.Select(AnyLayout, Gen.Int).SampleAsync(async (layout, seed) =>
        {
            Digest[][] stripes = Manifest.RandomStripes(layout, seed);
            (byte[] bytes, Digest digest) = await Manifest.WriteAsync(layout, stripes);

            (ManifestReader reader, List<Digest[]> read) = await Manifest.ReadAsync(new TricklingStream(bytes, seed));

            Assert.Null(reader.Fault);
            Assert.True(reader.IsVerified);
            Assert.Equal(new ManifestHeader(Manifest.FileId, layout, Manifest.ContentHash(layout, stripes)), reader.Header);
            Assert.Equal(stripes, read);
            Assert.Equal(digest, reader.ManifestDigest);
            Assert.Equal(Blake3.Hash(bytes.AsSpan(0, bytes.Length - Digest.SizeBytes)), digest);
            Assert.Equal(reader.Header.ManifestBytes, bytes.Length);
        }, iter: 60);

    [Fact]
    public Task A_stripe_is_read_at_its_place() =>
        Gen.Select(AnyLayout.Where(layout => !layout.IsEmpty), Gen.Int).SampleAsync(async (layout, seed) =>
        {
            Digest[][] stripes = Manifest.RandomStripes(layout, seed);
            (byte[] bytes, _) = await Manifest.WriteAsync(layout, stripes);
            using var file = new TemporaryFile(bytes);
            Assert.Null(ManifestFile.Open(file.Handle, out ManifestFile? manifest));

            Digest[] digests = new Digest[layout.ShardCount];
            foreach (int stripe in (int[])[layout.StripeCount - 1, 0, layout.StripeCount / 2])
            {
                manifest!.ReadStripe(stripe, digests);
                Assert.Equal(stripes[stripe], digests);
            }
            Assert.Throws<ArgumentOutOfRangeException>(() => manifest!.ReadStripe(layout.StripeCount, digests));
            Assert.Throws<ArgumentException>(() => manifest!.ReadStripe(0, new Digest[layout.ShardCount + 1]));
        }, iter: 30);

    [Fact]
    public async Task An_empty_file_has_a_manifest_without_stripes()
    {
        var layout = new FileLayout(0, FileLayout.MaxChunkBytes, 10, 3);
        (byte[] bytes, _) = await Manifest.WriteAsync(layout, [], Blake3.Hash([]));
        (ManifestReader reader, List<Digest[]> stripes) = await Manifest.ReadAsync(bytes);
        Assert.True(reader.IsVerified);
        Assert.Empty(stripes);
        Assert.Equal(ManifestHeader.SizeBytes + Digest.SizeBytes, bytes.Length);
    }

    [Fact]
    public async Task The_writer_insists_on_every_stripe_once()
    {
        var layout = new FileLayout(1, FileLayout.MinChunkBytes, 2, 1);
        var writer = new ManifestWriter(new MemoryStream(), new ManifestHeader(Manifest.FileId, layout, default));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.CompleteAsync());
        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.WriteStripeAsync(new Digest[2]));
        await writer.WriteStripeAsync(new Digest[3]);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.WriteStripeAsync(new Digest[3]));
        await writer.CompleteAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.CompleteAsync());
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_file()
    {
        var layout = new FileLayout(2L << 40, FileLayout.MaxChunkBytes, 128, 3);
        Digest[] stripe = new Digest[layout.ShardCount];
        var writer = new ManifestWriter(Stream.Null, new ManifestHeader(Manifest.FileId, layout, default));
        await writer.WriteStripeAsync(stripe);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1; i < layout.StripeCount; i++) await writer.WriteStripeAsync(stripe);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }
}
