using ChunkStream.Core.Integrity;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity;

public sealed class Blake3PropertyTests
{
    /// <summary>Lengths that favour the edges of leaves and of vector groups.</summary>
    private static readonly Gen<int> Length = Gen.Select(Gen.Int[0, 300], Gen.Int[-2, 2], Gen.Int[0, 1023], Gen.Bool)
        .Select((leaves, around, within, edge) => Math.Max(0, leaves * 1024 + (edge ? around : within)));

    [Fact]
    public void Incremental_equals_one_shot() =>
        Gen.Select(Length, Gen.Int[1, 70_000].Array[1, 8]).Sample((length, steps) =>
        {
            byte[] data = Data(length);
            var hasher = new Blake3Hasher();
            for (int at = 0, i = 0; at < length; i++)
            {
                int step = Math.Min(steps[i % steps.Length], length - at);
                hasher.Update(data.AsSpan(at, step));
                at += step;
            }
            Assert.Equal(Blake3.Hash(data), hasher.Finish());
        }, iter: 200);

    [Fact]
    public void Finishing_does_not_disturb_what_follows() =>
        Gen.Select(Length, Length).Sample((first, second) =>
        {
            byte[] data = Data(first + second);
            var hasher = new Blake3Hasher();
            hasher.Update(data.AsSpan(0, first));
            Assert.Equal(Blake3.Hash(data.AsSpan(0, first)), hasher.Finish());
            hasher.Update(data.AsSpan(first));
            Assert.Equal(Blake3.Hash(data), hasher.Finish());
        }, iter: 200);

    [Fact]
    public void Parallel_equals_one_shot() =>
        Gen.Select(Gen.Int[0, 3_000_000], Gen.Int[1, 5]).Sample((length, threads) =>
        {
            byte[] data = Data(length);
            Assert.Equal(Blake3.Hash(data), Blake3.HashParallel(data, threads));
        }, iter: 30);

    [Fact]
    public void Subtrees_and_parents_make_the_hash()
    {
        byte[] data = Data(7 * 1024 + 5);
        Digest Piece(int firstLeaf, int leaves) =>
            Blake3.Subtree(data.AsSpan(firstLeaf * 1024, Math.Min(leaves * 1024, data.Length - firstLeaf * 1024)), firstLeaf * 1024);

        Assert.Equal(Blake3.Hash(data), Blake3.Parent(Piece(0, 4), Piece(4, 4), isRoot: true));
        Assert.Equal(Piece(4, 4), Blake3.Parent(Piece(4, 2), Piece(6, 2), isRoot: false));
        Assert.Equal(Piece(6, 2), Blake3.Parent(Piece(6, 1), Piece(7, 1), isRoot: false));
    }

    [Fact]
    public void A_piece_that_is_no_subtree_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Blake3.Subtree([], 0));
        Assert.Throws<ArgumentException>(() => Blake3.Subtree(new byte[1024], 512));
        Assert.Throws<ArgumentException>(() => Blake3.Subtree(new byte[2048], 1024));
        Assert.Throws<ArgumentException>(() => Blake3.Subtree(new byte[3000], 2048));
        Assert.Throws<ArgumentOutOfRangeException>(() => Blake3.Subtree(new byte[1024], -1024));
        Assert.Throws<ArgumentOutOfRangeException>(() => Blake3.HashParallel(new byte[1], 0));
    }

    private static byte[] Data(int lengthBytes)
    {
        byte[] data = new byte[lengthBytes];
        new Random(lengthBytes).NextBytes(data);
        return data;
    }
}
