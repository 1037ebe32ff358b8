using ChunkStream.Core.Erasure;
using ChunkStream.Core.Layout;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Erasure;

public sealed class OutcomeTests
{
    private static readonly ReedSolomon s_code = ReedSolomon.Create(4, 2);
    private static readonly ShardSet s_all = ShardSet.FirstShards(6);

    [Theory]
    [InlineData(0, 3, "0")]
    [InlineData(129, 3, "129")]
    [InlineData(10, -1, "-1")]
    [InlineData(128, 128, "128")]
    [InlineData(1, int.MaxValue, "2147483647")]
    public void NumbersOutOfBoundsAreRefused(int dataShards, int parityShards, string value)
    {
        ArgumentOutOfRangeException refusal = Assert.Throws<ArgumentOutOfRangeException>(() => ReedSolomon.Create(dataShards, parityShards));
        Assert.Contains(value, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("A stripe has", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACodeIsMadeOnce() => Assert.Same(ReedSolomon.Create(9, 3), ReedSolomon.Create(9, 3));

    [Fact]
    public void TooFewShardsSaysHowMany()
    {
        var stripe = new TestStripe(4, 2, 50, seed: 1);
        ErasureOutcome outcome = s_code.Reconstruct(stripe.Shards, ShardSet.FirstShards(3), ShardSet.Empty.With(5), 50);
        Assert.Equal((ErasureStatus.TooFewShards, 3, 4), (outcome.Status, outcome.Found, outcome.Needed));
        Assert.Equal("3 chunks of the stripe are there and 4 are needed.", outcome.Message);
        stripe.AssertIntact("too few");
    }

    [Fact]
    public void AShardBothPresentAndWantedIsRefused() =>
        AssertRefused(new(4, 2, 50, seed: 2), s_all, ShardSet.Empty.With(3), ErasureStatus.ShardTwice, "Shard 3 is named both as present and as wanted.");

    [Fact]
    public void AShardBeyondTheStripeIsRefused()
    {
        AssertRefused(
            new(4, 2, 50, seed: 3), s_all.With(6).Without(0), ShardSet.Empty.With(0), ErasureStatus.ShardOutOfRange,
            "There is no shard 6 in a stripe of 6 shards, 0 to 5.");
        AssertRefused(
            new(4, 2, 50, seed: 3), s_all, ShardSet.Empty.With(255), ErasureStatus.ShardOutOfRange,
            "There is no shard 255 in a stripe of 6 shards, 0 to 5.");
    }

    [Fact]
    public void AListOfAnotherLengthIsRefused()
    {
        var stripe = new TestStripe(4, 2, 50, seed: 4);
        ErasureOutcome outcome = s_code.Reconstruct(stripe.Shards.AsSpan(0, 5), ShardSet.FirstShards(4), ShardSet.Empty.With(4), 50);
        Assert.Equal((ErasureStatus.ShardOutOfRange, "There are 5 entries for a stripe of 6 shards."), (outcome.Status, outcome.Message));
    }

    [Theory]
    [InlineData(1, 51)]
    [InlineData(4, 49)]
    [InlineData(4, 51)]
    [InlineData(5, 51)]
    [InlineData(3, 51)]
    public void LengthsThatDoNotFitAreRefused(int shard, int lengthBytes)
    {
        var stripe = new TestStripe(4, 2, 50, seed: 5);
        stripe.Shards[shard] = new byte[lengthBytes];
        ErasureOutcome outcome = s_code.Reconstruct(stripe.Shards, s_all.Without(3).Without(5), ShardSet.Empty.With(3).With(5), 50);
        Assert.Equal(ErasureStatus.UnequalLengths, outcome.Status);
        Assert.Equal($"Shard {shard} has {lengthBytes} bytes, which doesn't fit a stripe whose chunks have 50.", outcome.Message);
    }

    [Fact]
    public void EncodeRefusesWhatDoesNotFit()
    {
        var stripe = new TestStripe(4, 2, 50, seed: 6);
        Assert.Throws<ArgumentException>(() => s_code.Encode(stripe.Data.AsSpan(1), stripe.Parity));
        Assert.Throws<ArgumentException>(() => s_code.Encode(stripe.Data, stripe.Parity.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => s_code.Encode(stripe.Data, [new byte[50], new byte[49]]));
        Assert.Throws<ArgumentException>(() => s_code.Encode(stripe.Data, [new byte[49], new byte[49]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => s_code.Encode(stripe.Data, stripe.Parity, ShardSet.Empty.With(3)));
        Assert.Throws<ArgumentOutOfRangeException>(() => s_code.Encode(stripe.Data, stripe.Parity, ShardSet.Empty.With(6)));
        stripe.AssertIntact("refused");
    }

    [Theory]
    [MemberData(nameof(Kernels.Names), MemberType = typeof(Kernels))]
    public void VerifyFindsAnyFlippedBit(string kernel) =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 9], Gen.Int[1, 9000], Gen.Int).Sample(
            (dataShards, parityShards, lengthBytes, seed) =>
            {
                var code = new ReedSolomon(dataShards, parityShards, Kernels.Of(kernel));
                var stripe = new TestStripe(dataShards, parityShards, lengthBytes, seed);
                Assert.Equal(ErasureOutcome.Ok, code.Verify(stripe.Data, stripe.ReadOnlyParity));

                var random = new Random(seed);
                int shard = random.Next(dataShards + parityShards);
                stripe.Shards[shard].Span[random.Next(lengthBytes)] ^= (byte)(1 << random.Next(8));
                ErasureOutcome outcome = code.Verify(stripe.Data, stripe.ReadOnlyParity);
                Assert.Equal(ErasureStatus.ParityMismatch, outcome.Status);
                Assert.Equal(shard < dataShards ? dataShards : shard, outcome.Shard);
            },
            iter: 200);

    [Fact]
    public void VerifyRefusesWhatDoesNotFit()
    {
        var stripe = new TestStripe(4, 2, 50, seed: 7);
        Assert.Equal(ErasureStatus.ShardOutOfRange, s_code.Verify(stripe.Data, stripe.ReadOnlyParity.AsSpan(1)).Status);
        Assert.Equal(ErasureStatus.UnequalLengths, s_code.Verify(stripe.Data, [new byte[50], new byte[49]]).Status);
        Assert.Equal(ErasureStatus.UnequalLengths, s_code.Verify(stripe.Data, [new byte[49], new byte[49]]).Status);
    }

    private static void AssertRefused(TestStripe stripe, ShardSet present, ShardSet wanted, ErasureStatus status, string message)
    {
        ErasureOutcome outcome = s_code.Reconstruct(stripe.Shards, present, wanted, stripe.LengthBytes);
        Assert.Equal((status, message), (outcome.Status, outcome.Message));
        stripe.AssertIntact(message);
    }
}
