using ChunkStream.Core.Scheduling;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Scheduling;

public sealed class TokenBucketTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void NoMoreThanTheRatePasses() => Gen.Select(Gen.Long[1, 10_000_000_000], Gen.Int[0, 500], Gen.Int[1, 4 << 20], Gen.Bool, Gen.Int).Sample(
        (bytesPerSecond, burstMs, largest, isAwaited, seed) =>
        {
            var random = new Random(seed);
            long now = random.NextInt64(Second);
            var bucket = new TokenBucket(bytesPerSecond, TimeSpan.FromMilliseconds(burstMs), Second, now);
            long start = now, passed = 0, lastItem = 0;
            // What is kept for who waits comes on top.
            int atOnceMs = burstMs + (isAwaited ? 500 : 0);
            for (int i = 0; i < 300; i++)
            {
                TimeSpan opensIn = bucket.OpensIn(now);
                if (opensIn == TimeSpan.Zero)
                {
                    lastItem = random.Next(largest) + 1;
                    bucket.Take(lastItem);
                    passed += lastItem;
                }
                bucket.IsAwaited = isAwaited && random.Next(2) == 0;
                double allowed = (atOnceMs / 1000.0 + (double)(now - start) / Second) * bytesPerSecond + lastItem;
                Assert.True(passed <= allowed + 1, $"{passed} passed of {allowed} at step {i}");
                now += random.Next(3) == 0 ? (long)(opensIn.TotalSeconds * Second) : random.NextInt64(Second / 100);
            }
        });

    [Fact]
    public void TheWholeRatePassesWhenAskedInTime() => Gen.Select(Gen.Long[1000, 10_000_000_000], Gen.Int[0, 500], Gen.Int[1, 4 << 20]).Sample(
        (bytesPerSecond, burstMs, bytes) =>
        {
            long now = 0, passed = 0;
            var bucket = new TokenBucket(bytesPerSecond, TimeSpan.FromMilliseconds(burstMs), Second, now);
            for (int waits = 0, items = 0; waits < 100 && items < 100_000; items++)
            {
                TimeSpan opensIn = bucket.OpensIn(now);
                if (opensIn > TimeSpan.Zero) waits++;
                now += (long)Math.Ceiling(opensIn.TotalSeconds * Second);
                bucket.Take(bytes);
                passed += bytes;
            }
            double allowed = (burstMs / 1000.0 + (double)now / Second) * bytesPerSecond;
            Assert.True(passed <= allowed * 1.01 + bytes, $"{passed} of {allowed}");
            // A timer's unit of 100 ns may be more than an item takes.
            Assert.True(now == 0 || passed >= (allowed - burstMs / 1000.0 * bytesPerSecond) * 0.9 - bytes || bytes < bytesPerSecond * 1e-6, $"{passed} of {allowed}");
        });

    [Fact]
    public void TheRateChangesLive()
    {
        var bucket = new TokenBucket(1000, TimeSpan.FromSeconds(1), Second, 0);
        bucket.Take(2000);
        Assert.Equal(TimeSpan.FromSeconds(1), bucket.OpensIn(0));

        bucket.SetRate(10_000, Second / 2);
        Assert.Equal(10_000, bucket.BytesPerSecond);
        Assert.Equal(TimeSpan.FromMilliseconds(50), bucket.OpensIn(Second / 2));
        Assert.Equal(TimeSpan.Zero, bucket.OpensIn(Second / 2 + Second / 20));

        bucket.SetRate(0, Second);
        for (int i = 0; i < 10; i++)
        {
            bucket.Take(long.MaxValue / 2);
            Assert.Equal(TimeSpan.Zero, bucket.OpensIn(Second));
        }
        bucket.SetRate(1, Second * 2);
        Assert.Equal(TimeSpan.Zero, bucket.OpensIn(Second * 2));
        bucket.Take(1);
        Assert.Equal(TimeSpan.FromSeconds(1), bucket.OpensIn(Second * 2));
    }

    [Fact]
    public void AHigherRateDoesNotComeWithABurstAtOnce()
    {
        var bucket = new TokenBucket(100, TimeSpan.FromSeconds(1), Second, 0);
        bucket.SetRate(100_000, 0);
        bucket.Take(1100);
        Assert.Equal(TimeSpan.FromMilliseconds(10), bucket.OpensIn(0));
    }

    [Fact]
    public void WhatIsWaitedForIsKeptAndWhatNobodyWantsIsCounted()
    {
        var bucket = new TokenBucket(1000, TimeSpan.FromSeconds(0.05), Second, 0);
        bucket.Take(100);
        bucket.IsAwaited = true;
        Assert.Equal(TimeSpan.FromSeconds(0.05), bucket.OpensIn(0));
        // Asked 0.3 s too late: 300 bytes.
        Assert.Equal(TimeSpan.Zero, bucket.OpensIn(Second * 35 / 100));
        bucket.IsAwaited = false;
        bucket.Take(200);
        Assert.Equal(0, bucket.UnusedBytes);
        // A second after that only the burst has come on top of what is left of them; the rest nobody wanted.
        Assert.Equal(TimeSpan.Zero, bucket.OpensIn(Second * 135 / 100));
        Assert.Equal(950, bucket.UnusedBytes, 0.001);
        bucket.Take(160);
        Assert.Equal(TimeSpan.FromMilliseconds(10), bucket.OpensIn(Second * 135 / 100));

        // Who waits finds half a second's worth at the most.
        bucket.IsAwaited = true;
        Assert.Equal(TimeSpan.Zero, bucket.OpensIn(Second * 20));
        bucket.Take(501);
        Assert.Equal(TimeSpan.FromMilliseconds(1), bucket.OpensIn(Second * 20));
    }

    [Fact]
    public void AClockThatGoesBackFillsNothing()
    {
        var bucket = new TokenBucket(1000, TimeSpan.Zero, Second, Second);
        bucket.Take(1000);
        Assert.Equal(TimeSpan.FromSeconds(1), bucket.OpensIn(0));
        Assert.Equal(TimeSpan.FromSeconds(0.5), bucket.OpensIn(Second + Second / 2));
    }

    [Fact]
    public void ValuesOutOfBoundsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBucket(-1, TimeSpan.Zero, Second, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBucket(1, TimeSpan.FromTicks(-1), Second, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBucket(1, TimeSpan.Zero, 0, 0));
        var bucket = new TokenBucket(1, TimeSpan.Zero, Second, 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => bucket.SetRate(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => bucket.Take(-1));
    }
}
