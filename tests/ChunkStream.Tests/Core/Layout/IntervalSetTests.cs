using ChunkStream.Core.Layout;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Layout;

public sealed class IntervalSetTests
{
    private const int Limit = 60;

    private static readonly Gen<(int Start, int Length)[]> s_additions = Gen.Select(Gen.Int[0, Limit], Gen.Int[0, 12]).Array[0, 20];

    [Fact]
    public void Is_the_set_of_what_was_added() => s_additions.Sample(additions =>
    {
        var set = new IntervalSet();
        var model = new HashSet<int>();
        foreach (var (start, length) in additions)
        {
            long before = model.Count;
            model.UnionWith(Enumerable.Range(start, length));
            Assert.Equal(model.Count - before, set.Add(start, start + length));
            AssertSame(model, set);
        }
    });

    [Fact]
    public void Adding_one_says_whether_it_is_new() => Gen.Int[0, Limit].Array[0, 40].Sample(values =>
    {
        var set = new IntervalSet();
        var model = new HashSet<int>();
        foreach (int value in values) Assert.Equal(model.Add(value), set.Add(value));
        AssertSame(model, set);
    });

    [Fact]
    public void Adding_a_set_is_the_union() => Gen.Select(s_additions, s_additions).Sample((left, right) =>
    {
        var (set, model) = Made(left);
        var (other, otherModel) = Made(right);
        long before = model.Count;
        model.UnionWith(otherModel);
        Assert.Equal(model.Count - before, set.Add(other));
        AssertSame(model, set);
        AssertSame(otherModel, other);
    });

    [Fact]
    public void Gaps_are_what_isnt_there() => Gen.Select(s_additions, Gen.Int[0, Limit + 20]).Sample((additions, limit) =>
    {
        var (set, model) = Made(additions);
        int[] gaps = [.. set.Gaps(limit).SelectMany(gap => Enumerable.Range(gap.Start, gap.End - gap.Start))];
        Assert.Equal(Enumerable.Range(0, limit).Where(value => !model.Contains(value)), gaps);
    });

    [Fact]
    public void Bounds_make_the_same_set() => s_additions.Sample(additions =>
    {
        var (set, model) = Made(additions);
        AssertSame(model, IntervalSet.FromBounds(set.ToBounds()));
    });

    [Fact]
    public void A_clone_goes_its_own_way() => Gen.Select(s_additions, s_additions).Sample((first, second) =>
    {
        var (set, model) = Made(first);
        IntervalSet clone = set.Clone();
        foreach (var (start, length) in second) clone.Add(start, start + length);
        AssertSame(model, set);
    });

    [Fact]
    public void Random_bounds_are_a_set_or_refused() => Gen.Int[-3, 40].Array[0, 12].Sample(bounds =>
    {
        bool isSet = bounds.Length % 2 == 0 && bounds.All(bound => bound >= 0)
            && bounds.Zip(bounds.Skip(1)).All(pair => pair.First < pair.Second);
        if (isSet) Assert.Equal(bounds, IntervalSet.FromBounds(bounds).ToBounds());
        else Assert.Throws<ArgumentException>(() => IntervalSet.FromBounds(bounds));
    });

    [Fact]
    public void A_range_that_ends_before_it_starts_is_refused()
    {
        var set = new IntervalSet();
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Add(5, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Add(-1, 4));
        Assert.True(set.IsEmpty);
    }

    private static (IntervalSet Set, HashSet<int> Model) Made((int Start, int Length)[] additions)
    {
        var set = new IntervalSet();
        var model = new HashSet<int>();
        foreach (var (start, length) in additions)
        {
            set.Add(start, start + length);
            model.UnionWith(Enumerable.Range(start, length));
        }
        return (set, model);
    }

    private static void AssertSame(HashSet<int> model, IntervalSet set)
    {
        Assert.Equal(model.Count, set.Count);
        Assert.Equal(model.Count == 0, set.IsEmpty);
        Assert.Equal(model.Order(), set.Intervals().SelectMany(interval => Enumerable.Range(interval.Start, interval.End - interval.Start)));
        // As few intervals as there can be: neighbours have melted together.
        Assert.Equal(model.Count(value => !model.Contains(value - 1)), set.IntervalCount);
        for (int value = -1; value <= Limit + 13; value++) Assert.Equal(model.Contains(value), set.Contains(value));
    }
}
