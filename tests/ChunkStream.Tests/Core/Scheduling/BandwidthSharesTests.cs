using ChunkStream.Core.Scheduling;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Scheduling;

public sealed class BandwidthSharesTests
{
    private static readonly Gen<int> s_cost = Gen.OneOf(Gen.Int[1, 2000], Gen.Int[60_000, 70_000], Gen.Const(1 << 20), Gen.Int[1, 5 << 20]);

    [Fact]
    public void BusyLevelsGetTheirShares() => Gen.Select(Gen.Bool.Array[3], Gen.Int, Gen.Select(s_cost, s_cost, s_cost)).Sample((busy, seed, largest) =>
    {
        int[] largestOf = [largest.Item1, largest.Item2, largest.Item3];
        var random = new Random(seed);
        var shares = new BandwidthShares();
        long[] heads = [.. busy.Select((isBusy, level) => isBusy ? random.Next(largestOf[level]) + 1L : -1)];
        long[] served = new long[3];
        int busyPercent = Enumerable.Range(0, 3).Where(level => busy[level]).Sum(level => BandwidthShares.PercentOf((Priority)level));
        for (int i = 0; i < 2000; i++)
        {
            Priority? next = shares.Next(heads);
            if (!busy.Any(level => level))
            {
                Assert.Null(next);
                return;
            }

            int level = (int)next!.Value;
            Assert.True(busy[level], "only a busy level is served");
            shares.Charge(next.Value, heads[level]);
            served[level] += heads[level];
            heads[level] = random.Next(largestOf[level]) + 1;
        }

        // Each is within two of its quanta and two of the largest items of its share.
        double total = served.Sum();
        for (int level = 0; level < 3; level++)
        {
            if (!busy[level]) continue;
            double share = total * BandwidthShares.PercentOf((Priority)level) / busyPercent;
            Assert.InRange(served[level], share - 2 * (640 * 1024 + largestOf.Max()), share + 2 * (640 * 1024 + largestOf.Max()));
        }
    });

    [Fact]
    public void AskedTwiceItIsTheSameLevel() => Gen.Select(s_cost, s_cost, s_cost, Gen.Int).Sample((high, normal, low, seed) =>
    {
        var random = new Random(seed);
        var shares = new BandwidthShares();
        long[] heads = [high, normal, low];
        for (int i = 0; i < 200; i++)
        {
            Priority next = shares.Next(heads)!.Value;
            Assert.Equal(next, shares.Next(heads));
            shares.Charge(next, heads[(int)next]);
            heads[random.Next(3)] = random.Next(2) == 0 ? -1 : random.Next(1 << 20);
            if (heads.All(head => head < 0)) heads[0] = high;
        }
    });

    [Fact]
    public void AnIdleLevelSavesNothingUp()
    {
        var shares = new BandwidthShares();
        for (int i = 0; i < 1000; i++)
        {
            Assert.Equal(Priority.Low, shares.Next([-1, -1, 1000]));
            shares.Charge(Priority.Low, 1000);
        }

        long high = 0, low = 0;
        while (high + low < 70 << 20)
        {
            Priority next = shares.Next([1000, -1, 1000])!.Value;
            shares.Charge(next, 1000);
            if (next == Priority.High) high += 1000;
            else low += 1000;
        }
        Assert.InRange((double)high / low, 2.4, 2.6);
    }

    [Fact]
    public void AHugeItemIsServedAtOnceWhereItIsAlone()
    {
        var shares = new BandwidthShares();
        Assert.Equal(Priority.Low, shares.Next([-1, -1, long.MaxValue / 4]));
    }
}
