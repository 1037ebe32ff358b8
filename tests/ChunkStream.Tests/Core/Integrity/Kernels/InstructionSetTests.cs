using ChunkStream.Core.Integrity.Kernels;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity.Kernels;

/// <summary>Every path that this machine has gives what the scalar reference gives.</summary>
public sealed class InstructionSetTests
{
    private static readonly TestVectors Vectors = TestVectors.Official;

    public static TheoryData<int> Available => [.. Enumerable.Range(0, (int)Lanes.Best + 1)];

    [Theory, MemberData(nameof(Available))]
    public void The_official_vectors(int instructions)
    {
        foreach (TestVectors.Case expected in Vectors.Cases)
        {
            byte[] input = TestVectors.Input(expected.InputBytes);
            Assert.Equal(expected.Hash, Output(input, HashMode.Plain, instructions, expected.Hash.Length));
            Assert.Equal(expected.KeyedHash, Output(input, HashMode.Keyed(Vectors.Key), instructions, expected.KeyedHash.Length));
            Assert.Equal(expected.DerivedKey, Output(input, HashMode.DeriveKey(Vectors.Context), instructions, expected.DerivedKey.Length));
        }
    }

    [Theory, MemberData(nameof(Available))]
    public void Any_length_at_any_address_and_place_in_a_file(int instructions) =>
        Gen.Select(Gen.Int[1, 130 * Tree.LeafBytes], Gen.Int[0, 100], Gen.ULong[0, 1UL << 34], Gen.Int)
            .Sample((length, start, place, seed) =>
            {
                byte[] buffer = new byte[start + length];
                new Random(seed).NextBytes(buffer);
                ReadOnlySpan<byte> data = buffer.AsSpan(start);
                ulong firstLeaf = place & ~255UL;

                ChainingValue expected = Tree.Subtree(data, firstLeaf, On(HashMode.Plain, (int)InstructionSet.Scalar));
                ChainingValue found = Tree.Subtree(data, firstLeaf, On(HashMode.Plain, instructions));

                Assert.Equal(expected.ToDigest(), found.ToDigest());
            }, iter: 100);

    [Theory, MemberData(nameof(Available))]
    public void Every_count_of_leaves_up_to_two_of_the_widest_groups(int instructions)
    {
        byte[] data = TestVectors.Input(65 * Tree.LeafBytes);
        for (int leaves = 1; leaves <= 65; leaves++)
        {
            ReadOnlySpan<byte> piece = data.AsSpan(0, leaves * Tree.LeafBytes);
            Assert.Equal(
                Tree.Root(piece, On(HashMode.Plain, (int)InstructionSet.Scalar)).RootDigest(),
                Tree.Root(piece, On(HashMode.Plain, instructions)).RootDigest());
        }
    }

    [Theory, MemberData(nameof(Available))]
    public void A_counter_beyond_32_bits(int instructions)
    {
        byte[] data = TestVectors.Input(64 * Tree.LeafBytes);
        foreach (ulong firstLeaf in (ulong[])[(1UL << 32) - 64, 1UL << 32, (1UL << 34) - 64, 3UL << 40])
            Assert.Equal(
                Tree.Subtree(data, firstLeaf, On(HashMode.Plain, (int)InstructionSet.Scalar)).ToDigest(),
                Tree.Subtree(data, firstLeaf, On(HashMode.Plain, instructions)).ToDigest());
    }

    private static byte[] Output(byte[] input, in HashMode mode, int instructions, int bytes)
    {
        byte[] output = new byte[bytes];
        Tree.Root(input, On(mode, instructions)).RootBytes(output);
        return output;
    }

    private static HashMode On(in HashMode mode, int instructions) => mode with { Instructions = (InstructionSet)instructions };
}
