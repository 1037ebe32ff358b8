using ChunkStream.Core.Layout;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Layout;

public sealed class ChunkSetTests
{
    private static readonly FileLayout s_layout = new(9L * 3 * FileLayout.MinChunkBytes + 77, FileLayout.MinChunkBytes, 3, 2);

    [Fact]
    public void Is_the_set_of_what_was_added() => Gen.Select(Gen.Int[0, 12], Gen.Int[0, 4]).Array[0, 60].Sample(additions =>
    {
        var set = new ChunkSet(5);
        var model = new HashSet<ChunkIndex>();
        foreach (var (stripe, shard) in additions) Assert.Equal(model.Add(new(stripe, shard)), set.Add(new ChunkIndex(stripe, shard)));
        Assert.Equal(model.Count, set.Count);
        for (int stripe = 0; stripe < 14; stripe++)
        {
            for (int shard = 0; shard < 6; shard++) Assert.Equal(model.Contains(new(stripe, shard)), set.Contains(new(stripe, shard)));
            Assert.Equal(model.Where(index => index.Stripe == stripe).Select(index => index.Shard).Order(), set.ShardsOf(stripe));
        }
    });

    [Fact]
    public void What_is_missing_and_what_remains_without_another_set_are_differences() => Gen.Select(Layouts.SetOf(s_layout), Layouts.SetOf(s_layout)).Sample((left, right) =>
    {
        HashSet<ChunkIndex> all = [.. Layouts.ChunksOf(s_layout)], mine = [.. Layouts.Members(left)], others = [.. Layouts.Members(right)];
        Assert.True(all.Except(mine).ToHashSet().SetEquals(Layouts.Members(left.Missing(s_layout))));
        Assert.Equal(all.Count - mine.Count, left.Missing(s_layout).Count);
        Assert.True(mine.Except(others).ToHashSet().SetEquals(Layouts.Members(left.Without(right))));
        Assert.Equal(mine.Except(others).Count(), left.Without(right).Count);
        Assert.Equal(all.Where(index => !s_layout.IsParity(index)).All(mine.Contains), left.HasAllData(s_layout));
    });

    [Fact]
    public void Adding_a_set_is_the_union() => Gen.Select(Layouts.SetOf(s_layout), Layouts.SetOf(s_layout)).Sample((left, right) =>
    {
        HashSet<ChunkIndex> union = [.. Layouts.Members(left), .. Layouts.Members(right)];
        long before = left.Count;
        Assert.Equal(union.Count - before, left.Add(right));
        Assert.True(union.SetEquals(Layouts.Members(left)));
    });

    [Fact]
    public void Bytes_and_bounds_make_the_same_set() => Layouts.SetOf(s_layout).Sample(set =>
    {
        byte[] bytes = set.ToBytes();
        Assert.Equal(Layouts.Members(set), Layouts.Members(ChunkSet.FromBytes(bytes)));
        Assert.Equal(bytes, ChunkSet.FromBytes(bytes).ToBytes());
        Assert.Equal(bytes, ChunkSet.FromBounds(set.ToBounds()).ToBytes());
        Assert.Equal(bytes, set.Clone().ToBytes());
    });

    [Fact]
    public void Progress_in_order_is_a_few_bytes_a_shard()
    {
        var set = new ChunkSet(13);
        for (int shard = 0; shard < 13; shard++) set[shard].Add(0, 10_000_000);
        Assert.InRange(set.ToBytes().Length, 13, 13 * 8);
    }

    [Fact]
    public void The_worst_order_of_a_tebibyte_takes_a_bit_a_chunk()
    {
        var layout = new FileLayout(1L << 40, FileLayout.MaxChunkBytes, 10, 3);
        var set = new ChunkSet(13);
        for (int shard = 0; shard < 13; shard++)
            for (int stripe = shard & 1; stripe < layout.ChunksInShard(shard); stripe += 2) set.Add(new ChunkIndex(stripe, shard));
        byte[] bytes = set.ToBytes();
        Assert.InRange(bytes.Length, 1, layout.ChunkCount / 8 + 200);
        Assert.Equal(set.ToBounds(), ChunkSet.FromBytes(bytes).ToBounds());
    }

    [Fact]
    public void Bytes_of_earlier_versions_have_bounds_however_many() =>
        Assert.Equal([[0, 1, 2, 3, 4, 5]], ChunkSet.FromBytes([1, 6, 0, 1, 1, 1, 1, 1]).ToBounds());

    [Fact]
    public void Random_bytes_are_a_set_or_invalid_data() => Gen.Byte.Array[0, 40].Sample(MustBeSetOrInvalid, iter: 20_000);

    [Fact]
    public void Random_small_numbers_are_a_set_or_invalid_data() => Gen.Byte[0, 6].Array[0, 40].Sample(MustBeSetOrInvalid, iter: 20_000);

    [Fact]
    public void Damaged_bytes_are_a_set_or_invalid_data() =>
        Gen.Select(Layouts.SetOf(s_layout), Gen.Int[0, 1000], Gen.Byte, Gen.Int[0, 3]).Sample((set, at, value, cut) =>
        {
            byte[] bytes = set.ToBytes();
            bytes[at % bytes.Length] = value;
            MustBeSetOrInvalid(bytes[..^Math.Min(cut, bytes.Length)]);
        });

    [Fact]
    public void Counts_the_bytes_of_its_chunks() => Layouts.SetOf(s_layout).Sample(set =>
        Assert.Equal(Layouts.Members(set).Sum(index => (long)s_layout.LengthOf(index)), set.BytesIn(s_layout)));

    private static void MustBeSetOrInvalid(byte[] bytes)
    {
        try
        {
            ChunkSet set = ChunkSet.FromBytes(bytes);
            Assert.Equal(set.Count, ChunkSet.FromBytes(set.ToBytes()).Count);
        }
        catch (InvalidDataException)
        {
        }
    }
}
