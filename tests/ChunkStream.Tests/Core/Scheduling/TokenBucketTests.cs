using ChunkStream.Core.Scheduling;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Scheduling;

public sealed class TokenBucketTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void NoMoreThanTheRatePasses() => Gen.Select(Gen.Long[1, 10_000_000_000], Gen.Long[1, 10 << 20], Gen.Int[1, 4 << 20], Gen.Int).Sample(
        (bytesPerSecond, burstBytes, largest, seed) =>
        {
            var random = new Random(seed);
            long now = random.NextInt64(Second);
            var bucket = new TokenBucket(bytesPerSecond, burstBytes, Second, now);
            long start = now, passed = 0, lastItem = 0;
            for (int i = 0; i < 300; i++)
            {
                int bytes = random.Next(largest) + 1;
                bool taken = bucket.TryTake(bytes, now, out TimeSpan retryIn);
                Assert.Equal(taken, retryIn == TimeSpan.Zero);
                if (taken) passed += lastItem = bytes;
                double allowed = burstBytes + (double)(now - start) / Second * bytesPerSecond + lastItem;
                Assert.True(passed <= allowed + 1, $"{passed} passed of {allowed} at step {i}");
                now += random.Next(3) == 0 ? (long)(retryIn.TotalSeconds * Second) : random.NextInt64(Second / 100);
            }
        });

    [Fact]
    public void TheWholeRatePassesWhenAskedInTime() => Gen.Select(Gen.Long[1000, 10_000_000_000], Gen.Long[1, 10 << 20], Gen.Int[1, 4 << 20]).Sample(
        (bytesPerSecond, burstBytes, bytes) =>
        {
            long now = 0, passed = 0;
            var bucket = new TokenBucket(bytesPerSecond, burstBytes, Second, now);
            for (int i = 0; i < 500; i++)
            {
                if (bucket.TryTake(bytes, now, out TimeSpan retryIn)) passed += bytes;
                else now += (long)Math.Ceiling(retryIn.TotalSeconds * Second);
            }
            double expected = burstBytes + (double)now / Second * bytesPerSecond;
            Assert.InRange(passed, expected * 0.99 - bytes - burstBytes, expected * 1.01 + bytes);
        });

    [Fact]
    public void TheRateChangesLive()
    {
        var bucket = new TokenBucket(1000, 1000, Second, 0);
        Assert.True(bucket.TryTake(1000, 0, out _));
        Assert.False(bucket.TryTake(1000, 0, out TimeSpan retryIn));
        Assert.Equal(TimeSpan.FromSeconds(1), retryIn);

        bucket.SetRate(10_000, Second / 2);
        Assert.Equal(10_000, bucket.BytesPerSecond);
        Assert.False(bucket.TryTake(1000, Second / 2, out retryIn));
        Assert.Equal(TimeSpan.FromMilliseconds(50), retryIn);
        Assert.True(bucket.TryTake(1000, Second / 2 + Second / 20, out _));

        bucket.SetRate(0, Second);
        for (int i = 0; i < 10; i++) Assert.True(bucket.TryTake(long.MaxValue / 2, Second, out _));
        bucket.SetRate(1, Second * 2);
        Assert.True(bucket.TryTake(1000, Second * 2, out _), "the time without limit left a full bucket");
        Assert.False(bucket.TryTake(1000, Second * 2, out _));
    }

    [Fact]
    public void AnItemAboveTheBurstPassesAFullBucketAndLeavesADebt()
    {
        var bucket = new TokenBucket(1000, 100, Second, 0);
        Assert.True(bucket.TryTake(1100, 0, out _));
        Assert.False(bucket.TryTake(1, Second, out TimeSpan retryIn));
        Assert.Equal(TimeSpan.FromMilliseconds(1), retryIn);
        Assert.False(bucket.TryTake(1100, Second, out retryIn));
        Assert.Equal(TimeSpan.FromMilliseconds(100), retryIn);
    }

    [Fact]
    public void AClockThatGoesBackFillsNothing()
    {
        var bucket = new TokenBucket(1000, 1000, Second, Second);
        Assert.True(bucket.TryTake(1000, Second, out _));
        Assert.False(bucket.TryTake(1, 0, out _));
        Assert.False(bucket.TryTake(1000, Second + Second / 2, out _));
        Assert.True(bucket.TryTake(500, Second + Second / 2, out _));
    }

    [Fact]
    public void ValuesOutOfBoundsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBucket(-1, 1, Second, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBucket(1, 0, Second, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBucket(1, 1, 0, 0));
        var bucket = new TokenBucket(1, 1, Second, 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => bucket.SetRate(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => bucket.TryTake(-1, 0, out _));
    }
}
