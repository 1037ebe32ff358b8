using ChunkStream.Core.Layout;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Layout;

public sealed class ChunkSizePlannerTests
{
    private const int KiB = 1024;

    private static readonly Gen<double> s_roundTripMilliseconds = Gen.OneOf(Gen.Double[0, 50], Gen.Double[0, 500], Gen.Double[0, 100_000]);
    private static readonly Gen<double> s_loss = Gen.OneOf(Gen.Const(0.0), Gen.Double[0, 0.002], Gen.Double[0, 0.05], Gen.Double[0, 1]);
    private static readonly Gen<int?> s_previous = Gen.Int[15, 20].Select(power => power == 15 ? (int?)null : 1 << power);

    [Theory]
    [InlineData(0, 0, 1024)]
    [InlineData(20, 0.0001, 1024)]
    [InlineData(20.1, 0, 512)]
    [InlineData(1, 0.00011, 512)]
    [InlineData(60, 0.001, 512)]
    [InlineData(61, 0.001, 256)]
    [InlineData(150, 0.005, 256)]
    [InlineData(150, 0.006, 128)]
    [InlineData(300, 0.02, 128)]
    [InlineData(301, 0, 64)]
    [InlineData(1, 0.021, 64)]
    [InlineData(100_000, 1, 64)]
    public void TheTable(double milliseconds, double loss, int kibibytes) =>
        Assert.Equal(kibibytes * KiB, ChunkSizePlanner.ForNetwork(TimeSpan.FromMilliseconds(milliseconds), loss));

    [Fact]
    public void AWorseNetworkNeverGetsLargerChunks() =>
        Gen.Select(s_roundTripMilliseconds, s_roundTripMilliseconds, s_loss, s_loss, s_previous).Sample((rtt1, rtt2, loss1, loss2, previous) =>
        {
            int better = ChunkSizePlanner.ForNetwork(TimeSpan.FromMilliseconds(Math.Min(rtt1, rtt2)), Math.Min(loss1, loss2), previous);
            int worse = ChunkSizePlanner.ForNetwork(TimeSpan.FromMilliseconds(Math.Max(rtt1, rtt2)), Math.Max(loss1, loss2), previous);
            Assert.True(worse <= better);
            Assert.Null(FileLayout.Check(1, worse, 10, 3));
        });

    [Fact]
    public void ASizeInUseIsKeptNearABound()
    {
        Assert.Equal(1024 * KiB, ChunkSizePlanner.ForNetwork(TimeSpan.FromMilliseconds(24), 0, 1024 * KiB));
        Assert.Equal(512 * KiB, ChunkSizePlanner.ForNetwork(TimeSpan.FromMilliseconds(26), 0, 1024 * KiB));
        Assert.Equal(512 * KiB, ChunkSizePlanner.ForNetwork(TimeSpan.FromMilliseconds(17), 0, 512 * KiB));
        Assert.Equal(1024 * KiB, ChunkSizePlanner.ForNetwork(TimeSpan.FromMilliseconds(15), 0, 512 * KiB));
        Assert.Equal(64 * KiB, ChunkSizePlanner.ForNetwork(TimeSpan.FromMilliseconds(1), 0.018, 64 * KiB));
        Assert.Equal(1024 * KiB, ChunkSizePlanner.ForNetwork(TimeSpan.Zero, 0, 64 * KiB));
    }

    [Fact]
    public void SwingsOfATenthNeverMoveTheSizeBackAndForth() => Gen.Select(s_roundTripMilliseconds, s_loss, s_previous, Gen.Int).Sample(
        (milliseconds, loss, previous, seed) =>
        {
            var random = new Random(seed);
            int? size = previous;
            var directions = new HashSet<int>();
            for (int i = 0; i < 20; i++)
            {
                double swing = 0.9 + 0.2 * random.NextDouble();
                int next = ChunkSizePlanner.ForNetwork(TimeSpan.FromMilliseconds(milliseconds * swing), Math.Min(1, loss * swing), size);
                if (size is { } before && next != before) directions.Add(next.CompareTo(before));
                size = next;
            }
            // A size that is far off may take two steps to where it belongs, in one direction.
            Assert.InRange(directions.Count, 0, 1);
        });

    [Theory]
    [InlineData(0, 10, 64)]
    [InlineData(64 * KiB * 10, 10, 64)]
    [InlineData(128 * KiB * 10 - 1, 10, 64)]
    [InlineData(128 * KiB * 10, 10, 128)]
    [InlineData(1024 * KiB * 10 - 1, 10, 512)]
    [InlineData(1024 * KiB * 10, 10, 1024)]
    [InlineData(1024 * KiB, 1, 1024)]
    [InlineData(long.MaxValue, 128, 1024)]
    public void ASmallFileStillFillsAStripe(long sizeBytes, int dataShards, int kibibytes)
    {
        Assert.Equal(kibibytes * KiB, ChunkSizePlanner.ForSize(sizeBytes, dataShards));
        Assert.Equal(kibibytes * KiB, ChunkSizePlanner.Plan(TimeSpan.Zero, 0, sizeBytes, dataShards));
        Assert.Equal(64 * KiB, ChunkSizePlanner.Plan(TimeSpan.FromSeconds(1), 0, sizeBytes, dataShards, previousChunkBytes: 1024 * KiB));
    }

    [Fact]
    public void ValuesOutOfBoundsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkSizePlanner.ForNetwork(TimeSpan.FromTicks(-1), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkSizePlanner.ForNetwork(TimeSpan.Zero, -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkSizePlanner.ForNetwork(TimeSpan.Zero, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkSizePlanner.ForNetwork(TimeSpan.Zero, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkSizePlanner.ForSize(-1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkSizePlanner.ForSize(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChunkSizePlanner.ForSize(1, 129));
    }
}
