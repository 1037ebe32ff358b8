using ChunkStream.Core.Erasure;
using ChunkStream.Core.Layout;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Erasure;

public sealed class ReconstructTests
{
    private static readonly Gen<(int DataShards, int ParityShards, int LengthBytes, int Seed)> s_shapes =
        Gen.Select(Gen.OneOf(Gen.Int[1, 14], Gen.Int[1, 128]), Gen.Int[0, 9], Gen.OneOf(Gen.Int[1, 200], Gen.Int[1, 5000]), Gen.Int);

    [Theory]
    [MemberData(nameof(Kernels.Names), MemberType = typeof(Kernels))]
    public void AnyLossesUpToTheParityAreRestored(string kernel) => s_shapes.Sample(
        (dataShards, parityShards, lengthBytes, seed) =>
        {
            var random = new Random(seed);
            var stripe = new TestStripe(dataShards, parityShards, lengthBytes, seed);
            ShardSet lost = Some(random, ShardSet.FirstShards(dataShards + parityShards), random.Next(parityShards + 1));
            ShardSet wanted = Some(random, lost, random.Next(lost.Count + 1));
            stripe.Spoil(lost);

            var code = new ReedSolomon(dataShards, parityShards, Kernels.Of(kernel));
            ErasureOutcome outcome = code.Reconstruct(stripe.Shards, ShardSet.FirstShards(dataShards + parityShards).Without(lost), wanted, lengthBytes);
            Assert.Equal(ErasureOutcome.Ok, outcome);
            stripe.AssertIntact($"{dataShards}+{parityShards}, {lengthBytes} bytes, lost {lost}, wanted {wanted}", spoiled: lost.Without(wanted));
        },
        iter: 300);

    [Theory]
    [MemberData(nameof(Kernels.Names), MemberType = typeof(Kernels))]
    public void ShortAndAbsentDataCountsAsZeros(string kernel) => s_shapes.Sample(
        (dataShards, parityShards, lengthBytes, seed) =>
        {
            // The last stripe of a file (full chunks, one that is cut, none), or any lengths at all.
            var random = new Random(seed);
            int full = random.Next(dataShards);
            bool likeAFile = random.Next(2) == 0;
            var lengths = Enumerable.Range(0, dataShards).Select(shard =>
                !likeAFile ? random.Next(lengthBytes + 1) : shard < full ? lengthBytes : shard == full ? random.Next(lengthBytes + 1) : 0).ToArray();
            var stripe = new TestStripe(dataShards, parityShards, lengthBytes, seed, shard => lengths[shard]);
            var code = new ReedSolomon(dataShards, parityShards, Kernels.Of(kernel));
            ShardSet all = ShardSet.FirstShards(dataShards + parityShards);
            ShardSet lost = Some(random, all, random.Next(parityShards + 1));
            string what = $"{dataShards}+{parityShards}, {lengthBytes} bytes of [{string.Join(", ", lengths)}], lost {lost}";

            stripe.Spoil(ShardSet.Range(dataShards, dataShards + parityShards));
            code.Encode(stripe.Data, stripe.Parity);
            stripe.AssertIntact(what);
            stripe.Spoil(lost);
            Assert.Equal(ErasureOutcome.Ok, code.Reconstruct(stripe.Shards, all.Without(lost), lost, lengthBytes));
            stripe.AssertIntact(what);
        },
        iter: 300);

    [Theory]
    [MemberData(nameof(Kernels.Names), MemberType = typeof(Kernels))]
    public void EveryPatternOfTenPlusThree(string kernel)
    {
        var code = new ReedSolomon(10, 3, Kernels.Of(kernel));
        var stripe = new TestStripe(10, 3, 333, seed: 3);
        for (int pattern = 0; pattern < 1 << 13; pattern++)
        {
            if (int.PopCount(pattern) is 0 or > 3) continue;
            ShardSet lost = ShardSet.Empty;
            for (int shard = 0; shard < 13; shard++)
            {
                if ((pattern >> shard & 1) != 0) lost = lost.With(shard);
            }
            stripe.Spoil(lost);
            Assert.Equal(ErasureOutcome.Ok, code.Reconstruct(stripe.Shards, ShardSet.FirstShards(13).Without(lost), lost, 333));
            stripe.AssertIntact(lost.ToString());
        }
    }

    [Fact]
    public void OneCodeServesManyThreads()
    {
        ReedSolomon code = ReedSolomon.Create(10, 3);
        Parallel.For(0, 8, thread =>
        {
            var random = new Random(thread);
            var stripe = new TestStripe(10, 3, 5000, seed: thread);
            for (int i = 0; i < 300; i++)
            {
                ShardSet lost = Some(random, ShardSet.FirstShards(13), random.Next(4));
                stripe.Spoil(lost);
                Assert.Equal(ErasureOutcome.Ok, code.Reconstruct(stripe.Shards, ShardSet.FirstShards(13).Without(lost), lost, 5000));
                stripe.AssertIntact($"thread {thread}, lost {lost}");
            }
        });
    }

    [Fact]
    public void TheFastestInstructionsAreUsed() => Assert.Equal(ErasureKernels.Supported[0].Name, ReedSolomon.InstructionSet);

    [Fact]
    public void OnlyTheWantedParityIsEncoded()
    {
        var stripe = new TestStripe(5, 4, 100, seed: 5);
        stripe.Spoil(ShardSet.Range(5, 9));
        ReedSolomon.Create(5, 4).Encode(stripe.Data, stripe.Parity, ShardSet.Empty.With(6).With(8));
        stripe.AssertIntact("parity 6 and 8", spoiled: ShardSet.Empty.With(5).With(7));
    }

    [Fact]
    public void WithoutParityTheCodeDoesNothing()
    {
        var stripe = new TestStripe(4, 0, 10, seed: 6);
        ReedSolomon code = ReedSolomon.Create(4, 0);
        code.Encode(stripe.Data, stripe.Parity);
        Assert.True(code.Verify(stripe.Data, []).IsOk);
        Assert.True(code.Reconstruct(stripe.Shards, ShardSet.FirstShards(4), ShardSet.Empty, 10).IsOk);
        stripe.AssertIntact("no parity");
    }

    private static ShardSet Some(Random random, in ShardSet from, int count)
    {
        int[] shards = [.. from];
        random.Shuffle(shards);
        ShardSet some = ShardSet.Empty;
        foreach (int shard in shards.AsSpan(0, count)) some = some.With(shard);
        return some;
    }
}
