using ChunkStream.Core.Integrity;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity;

public sealed class Blake3VectorTests
{
    private static readonly TestVectors Vectors = TestVectors.Official;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Vectors.Cases.Count)];

    [Fact]
    public void There_are_35_vectors_up_to_100_KiB()
    {
        Assert.Equal(35, Vectors.Cases.Count);
        Assert.Equal(0, Vectors.Cases.Min(c => c.InputBytes));
        Assert.Equal(102_400, Vectors.Cases.Max(c => c.InputBytes));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Hash_mode(int number)
    {
        TestVectors.Case expected = Vectors.Cases[number];
        byte[] input = TestVectors.Input(expected.InputBytes);
        byte[] output = new byte[expected.Hash.Length];

        Blake3.Hash(input, output);

        Assert.Equal(expected.Hash, output);
        Assert.Equal(new Digest(expected.Hash.AsSpan(0, 32)), Blake3.Hash(input));
        AssertIncremental(new Blake3Hasher(), input, expected.Hash);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Keyed_mode(int number)
    {
        TestVectors.Case expected = Vectors.Cases[number];
        byte[] input = TestVectors.Input(expected.InputBytes);
        byte[] output = new byte[expected.KeyedHash.Length];

        Blake3.KeyedHash(Vectors.Key, input, output);

        Assert.Equal(expected.KeyedHash, output);
        AssertIncremental(Blake3Hasher.Keyed(Vectors.Key), input, expected.KeyedHash);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Derive_key_mode(int number)
    {
        TestVectors.Case expected = Vectors.Cases[number];
        byte[] input = TestVectors.Input(expected.InputBytes);
        byte[] output = new byte[expected.DerivedKey.Length];

        Blake3.DeriveKey(Vectors.Context, input, output);

        Assert.Equal(expected.DerivedKey, output);
        AssertIncremental(Blake3Hasher.ForDeriveKey(Vectors.Context), input, expected.DerivedKey);
    }

    [Fact]
    public void A_shorter_output_is_the_start_of_a_longer_one()
    {
        byte[] full = Vectors.Cases[5].Hash;
        for (int length = 0; length <= full.Length; length++)
        {
            byte[] output = new byte[length];
            Blake3.Hash(TestVectors.Input(Vectors.Cases[5].InputBytes), output);
            Assert.Equal(full[..length], output);
        }
    }

    [Theory, InlineData(0), InlineData(31), InlineData(33)]
    public void A_key_of_another_length_is_refused(int lengthBytes)
    {
        Assert.Throws<ArgumentException>(() => Blake3.KeyedHash(new byte[lengthBytes], [], new byte[32]));
        Assert.Throws<ArgumentException>(() => Blake3Hasher.Keyed(new byte[lengthBytes]));
    }

    private static void AssertIncremental(Blake3Hasher hasher, byte[] input, byte[] expected)
    {
        foreach (int step in (int[])[input.Length, 1, 63, 1024, 1025, 4096])
        {
            hasher.Reset();
            for (int at = 0; at < input.Length; at += step) hasher.Update(input.AsSpan(at, Math.Min(step, input.Length - at)));

            byte[] output = new byte[expected.Length];
            hasher.Finish(output);
            Assert.Equal(expected, output);
            Assert.Equal(new Digest(expected.AsSpan(0, 32)), hasher.Finish());
            Assert.Equal(input.Length, hasher.LengthBytes);
        }
    }
}
