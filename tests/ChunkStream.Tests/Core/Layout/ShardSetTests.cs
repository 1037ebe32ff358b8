using ChunkStream.Core.Layout;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Layout;

public sealed class ShardSetTests
{
    private static readonly Gen<HashSet<int>> s_sets = Gen.Int[0, 255].HashSet[0, 100];

    [Fact]
    public void IsASet() => Gen.Select(s_sets, s_sets).Sample((left, right) =>
    {
        ShardSet a = Of(left), b = Of(right);
        Assert.Equal(left.Count, a.Count);
        Assert.Equal(left.Count == 0, a.IsEmpty);
        Assert.Equal(left.Order(), a);
        Assert.Equal(left.Union(right).Order(), a.Or(b));
        Assert.Equal(left.Intersect(right).Order(), a.And(b));
        Assert.Equal(left.Except(right).Order(), a.Without(b));
        Assert.Equal(left.SetEquals(right), a == b);
        for (int shard = -1; shard < 257; shard++) Assert.Equal(left.Contains(shard), a.Contains(shard));
    });

    [Fact]
    public void NextIsTheLowestFromThere() => Gen.Select(s_sets, Gen.Int[0, 256]).Sample((set, from) =>
        Assert.Equal(set.Where(shard => shard >= from).DefaultIfEmpty(-1).Min(), Of(set).Next(from)));

    [Fact]
    public void RangesHoldTheirShards()
    {
        for (int end = 0; end <= 256; end++)
        {
            Assert.Equal(Enumerable.Range(0, end), ShardSet.FirstShards(end));
            Assert.Equal(Enumerable.Range(end / 2, end - end / 2), ShardSet.Range(end / 2, end));
        }
    }

    [Fact]
    public void AddingAndTakingAwayOne()
    {
        ShardSet set = ShardSet.Empty.With(255).With(0).With(64).With(64);
        Assert.Equal([0, 64, 255], set);
        Assert.Equal([0, 255], set.Without(64).Without(1));
        Assert.Equal("{0, 64, 255}", set.ToString());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(256)]
    public void AShardOutOfRangeIsRefused(int shard)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ShardSet.Empty.With(shard));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShardSet.FirstShards(shard == -1 ? -1 : 257));
    }

    private static ShardSet Of(IEnumerable<int> shards) => shards.Aggregate(ShardSet.Empty, (set, shard) => set.With(shard));
}
