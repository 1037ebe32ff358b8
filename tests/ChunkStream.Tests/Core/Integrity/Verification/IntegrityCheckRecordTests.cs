using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;
using ChunkStream.Tests.Core.Integrity.Manifests;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity.Verification;

public sealed class IntegrityCheckRecordTests
{
    private static readonly DateTimeOffset Then = new(2026, 3, 1, 12, 30, 15, 123, TimeSpan.Zero);
    private static readonly SampleFile File = new(5 * FileLayout.MinChunkBytes);

    [Fact]
    public void A_stored_record_comes_back_as_it_was()
    {
        foreach (IntegrityCheckRecord record in (IntegrityCheckRecord[])[Chunk(good: true), Chunk(good: false), WholeFile(), OfManifest()])
        {
            byte[] bytes = record.ToBytes();
            Assert.Equal(IntegrityCheckRecord.StoredBytes, bytes.Length);
            Assert.True(IntegrityCheckRecord.TryRead(bytes, out IntegrityCheckRecord? read));
            Assert.Equal(record, read);
            Assert.Equal(Then, read!.CheckedAt);
        }
    }

    [Fact]
    public void A_check_passes_or_does_not()
    {
        Assert.True(Chunk(good: true).Passed);
        Assert.False(Chunk(good: false).Passed);
        Assert.True(WholeFile().Passed);
        Assert.False(OfManifest().Passed);
        Assert.Equal(new ChunkIndex(1, 0), Chunk(good: true).Index);
        Assert.Null(WholeFile().Index);
    }

    [Fact]
    public void The_same_check_can_be_made_again_later()
    {
        IntegrityCheckRecord.TryRead(WholeFile().ToBytes(), out IntegrityCheckRecord? stored);
        var later = new FixedClock(Then.AddDays(30));
        IntegrityCheckRecord good = stored!.CheckedAgain(File.Bytes.Length, File.ContentHash, later);
        Assert.True(good.Passed);
        Assert.Equal(Then.AddDays(30), good.CheckedAt);
        Assert.False(stored.CheckedAgain(File.Bytes.Length, Blake3.Hash([1]), later).Passed);
        Assert.False(stored.CheckedAgain(File.Bytes.Length - 1, File.ContentHash, later).Passed);
    }

    [Fact]
    public void Any_flipped_bit_of_a_stored_record_is_found()
    {
        byte[] bytes = Chunk(good: true).ToBytes();
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(IntegrityCheckRecord.TryRead(bytes, out IntegrityCheckRecord? record));
            Assert.Null(record);
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        Assert.False(IntegrityCheckRecord.TryRead(bytes.AsSpan(1), out _));
        Assert.False(IntegrityCheckRecord.TryRead([], out _));
    }

    private static IntegrityCheckRecord Chunk(bool good)
    {
        var index = new ChunkIndex(1, 0);
        byte[] bytes = File.Chunk(index).ToArray();
        if (!good) bytes[5] ^= 1;
        return IntegrityCheckRecord.OfChunk(
            Manifest.FileId, ChunkVerifier.Verify(File.Layout, index, bytes, File.Digests[1][0]), new FixedClock(Then));
    }

    private static IntegrityCheckRecord WholeFile()
    {
        var checksum = new FileChecksum(Blake3.Hash(File.Bytes), File.Bytes.Length);
        return IntegrityCheckRecord.OfFile(Manifest.FileId, File.Bytes.Length, File.ContentHash, checksum, new FixedClock(Then));
    }

    private static IntegrityCheckRecord OfManifest() => IntegrityCheckRecord.OfManifest(
        Manifest.FileId, 100, Blake3.Hash([1]), 100, Blake3.Hash([2]), new FixedClock(Then));

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
