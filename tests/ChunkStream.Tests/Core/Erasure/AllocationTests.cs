using ChunkStream.Core.Erasure;
using ChunkStream.Core.Layout;
using Xunit;

namespace ChunkStream.Tests.Core.Erasure;

public sealed class AllocationTests
{
    private readonly TestStripe _stripe = new(10, 3, 70_001, seed: 1, shard => shard == 9 ? 12_345 : 70_001);

    [Theory]
    [MemberData(nameof(Kernels.Names), MemberType = typeof(Kernels))]
    public void NothingIsAllocatedAfterTheFirstCall(string kernel)
    {
        var code = new ReedSolomon(10, 3, Kernels.Of(kernel));
        ReadOnlyMemory<byte>[] parity = _stripe.ReadOnlyParity;
        ShardSet wanted = ShardSet.Empty.With(1).With(4).With(11);
        ShardSet present = ShardSet.FirstShards(13).Without(wanted);
        RunAll();
        RunAll();

        Assert.Equal(0, Allocations.Least(RunAll));

        void RunAll()
        {
            code.Encode(_stripe.Data, _stripe.Parity);
            code.Encode(_stripe.Data, _stripe.Parity, ShardSet.Empty.With(11));
            _ = code.Reconstruct(_stripe.Shards, present, wanted, 70_001);
            _ = code.Verify(_stripe.Data, parity);
        }
    }

    [Fact]
    public void DecodeMatricesAreBounded()
    {
        var cache = new BoundedCache<int, string>(capacity: 3);
        for (int key = 0; key < 10; key++)
        {
            cache.Add(key, $"{key}");
            Assert.True(cache.TryGet(0, out _) || key >= 10);
        }
        Assert.Equal(3, cache.Count);
        Assert.True(cache.TryGet(0, out string? kept) && kept == "0", "what is used again stays");
        Assert.True(cache.TryGet(9, out _) && cache.TryGet(8, out _));
        Assert.False(cache.TryGet(7, out _), "what was used longest ago goes");
        Assert.Equal("0", cache.Add(0, "other"));
    }
}
