using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity.Verification;

public sealed class ChunkVerifierTests
{
    private static readonly SampleFile File = new(9 * FileLayout.MinChunkBytes + 77);

    [Fact]
    public void Every_chunk_of_a_sound_file_is_good()
    {
        foreach (ChunkToVerify chunk in File.Chunks())
        {
            Assert.True(ChunkVerifier.IsGood(File.Layout, chunk.Index, chunk.Bytes.Span, chunk.Expected));
            ChunkVerification detail = ChunkVerifier.Verify(File.Layout, chunk.Index, chunk.Bytes.Span, chunk.Expected);
            Assert.True(detail.IsGood);
            Assert.Equal(detail.Expected, detail.Found);
            Assert.Null(detail.ToFailure());
        }
    }

    [Fact]
    public void Any_single_flipped_bit_is_found() =>
        Gen.Select(Gen.Int[0, File.Chunks().Length - 1], Gen.Int[0, FileLayout.MinChunkBytes * 8 - 1]).Sample((number, bit) =>
        {
            ChunkToVerify chunk = File.Chunks()[number];
            byte[] bytes = chunk.Bytes.ToArray();
            bit %= bytes.Length * 8;
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(ChunkFinding.HashWrong, ChunkVerifier.Verify(File.Layout, chunk.Index, bytes, chunk.Expected).Finding);
        }, iter: 300);

    [Fact]
    public void A_wrong_hash_is_described()
    {
        var index = new ChunkIndex(1, 2);
        byte[] bytes = File.Chunk(index).ToArray();
        bytes[100] ^= 1;

        ChunkVerification found = ChunkVerifier.Verify(File.Layout, index, bytes, File.Digests[1][2]);

        Assert.Equal(
            new ChunkVerification(
                ChunkFinding.HashWrong, index, 6 * FileLayout.MinChunkBytes, bytes.Length, bytes.Length,
                File.Digests[1][2], Blake3.Subtree(bytes, 6 * FileLayout.MinChunkBytes)),
            found);
        Assert.Equal(FailureCode.ChunkHashMismatch, found.ToFailure()!.Code);
        Assert.Contains(found.Found.ToString(), found.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_chunk_at_another_place_is_found()
    {
        ChunkVerification found =
            ChunkVerifier.Verify(File.Layout, new ChunkIndex(0, 1), File.Chunk(new ChunkIndex(0, 2)).Span, File.Digests[0][1]);
        Assert.Equal(ChunkFinding.HashWrong, found.Finding);
        Assert.Equal(ChunkFinding.HashWrong, ChunkVerifier.Verify(
            File.Layout, new ChunkIndex(0, 1), File.Chunk(new ChunkIndex(0, 2)).Span, File.Digests[0][2]).Finding);
    }

    [Theory, InlineData(0), InlineData(FileLayout.MinChunkBytes - 1), InlineData(FileLayout.MinChunkBytes + 1)]
    public void A_wrong_length_is_described(int lengthBytes)
    {
        ChunkVerification found = ChunkVerifier.Verify(File.Layout, new ChunkIndex(0, 5), new byte[lengthBytes], File.Digests[0][5]);
        Assert.Equal(
            new ChunkVerification(
                ChunkFinding.LengthWrong, new ChunkIndex(0, 5), null, FileLayout.MinChunkBytes, lengthBytes, File.Digests[0][5], default),
            found);
        Assert.Equal(FailureCode.ChunkLengthWrong, found.ToFailure()!.Code);
    }

    [Theory, InlineData(-1, 0), InlineData(3, 0), InlineData(0, 6), InlineData(2, 2), InlineData(0, -1)]
    public void A_chunk_that_the_file_does_not_have_is_described(int stripe, int shard)
    {
        ChunkVerification found = ChunkVerifier.Verify(File.Layout, new ChunkIndex(stripe, shard), new byte[5], default);
        Assert.Equal(ChunkFinding.OutsideLayout, found.Finding);
        Assert.Equal(FailureCode.ChunkOutsideLayout, found.ToFailure()!.Code);
        Assert.False(ChunkVerifier.IsGood(File.Layout, new ChunkIndex(stripe, shard), new byte[5], default));
    }

    [Fact]
    public void What_was_read_at_rest_is_judged_by_the_manifest()
    {
        var index = new ChunkIndex(1, 1);
        Digest right = File.Digests[1][1], other = Blake3.Hash([1]);
        byte[] bytes = File.Chunk(index).ToArray();
        ChunkVerification good = ChunkVerifier.Verify(File.Layout, index, bytes, right);
        Assert.Equal(good, good.Against(right));
        // Bytes and hash fit one another, and are another chunk's.
        Assert.Equal(good with { Finding = ChunkFinding.HashWrong, Expected = other }, good.Against(other));
        // The hash beside the chunk has changed.
        ChunkVerification kept = ChunkVerifier.Verify(File.Layout, index, bytes, other).Against(right);
        Assert.Equal((ChunkFinding.KeptHashWrong, right, right), (kept.Finding, kept.Expected, kept.Found));
        Assert.Equal(FailureCode.ChunkHashMismatch, kept.ToFailure()!.Code);
        // Nothing was read: the manifest says what it should have been.
        foreach ((ChunkFinding finding, FailureCode code) in ((ChunkFinding, FailureCode)[])
            [(ChunkFinding.Missing, FailureCode.ChunksMissing), (ChunkFinding.Unreadable, FailureCode.ChunkUnreadable)])
        {
            ChunkVerification none = ChunkVerification.NotRead(File.Layout, index, finding).Against(right);
            Assert.Equal((finding, right, 0, FileLayout.MinChunkBytes), (none.Finding, none.Expected, none.FoundBytes, none.ExpectedBytes));
            Assert.Equal(code, none.ToFailure()!.Code);
        }
    }

    [Fact]
    public void Verifying_allocates_nothing()
    {
        var index = new ChunkIndex(1, 1);
        Memory<byte> bytes = File.Chunk(index);
        for (int i = 0; i < 3; i++) ChunkVerifier.IsGood(File.Layout, index, bytes.Span, File.Digests[1][1]);
        Assert.Equal(0, Allocations.Least(() => ChunkVerifier.IsGood(File.Layout, index, bytes.Span, File.Digests[1][1])));
    }
}
