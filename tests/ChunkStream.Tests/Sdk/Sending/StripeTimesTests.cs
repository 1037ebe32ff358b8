using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Sending;
using ChunkStream.Sdk.Sending;
using ChunkStream.Tests.Grains;
using Xunit;

namespace ChunkStream.Tests.Sdk.Sending;

public sealed class StripeTimesTests
{
    private const int Stripes = 200;

    private readonly ManualTime _time = new();
    private readonly FileLayout _layout = new(Stripes * 2L * FileLayout.MinChunkBytes, FileLayout.MinChunkBytes, 2, 1);
    private readonly Guid _life = Guid.NewGuid();
    private readonly SendLedger _ledger;
    private readonly StripeTimes _times;

    public StripeTimesTests()
    {
        _ledger = new(_layout, new(_layout.ShardCount));
        _ledger.Welcome(_life);
        _times = new(_ledger, _time);
    }

    [Fact]
    public void A_stripe_takes_from_its_first_chunk_that_leaves_until_enough_of_them_are_there()
    {
        Assert.Equal(TimeSpan.Zero, _times.Quantile(0.5));
        for (int stripe = 0; stripe < Stripes; stripe++)
        {
            _ledger.Begin(stripe);
            for (int shard = 0; shard < 3; shard++) _times.Sent(stripe);
            Accept(stripe, 2);
            Advance(milliseconds: stripe < 190 ? 10 : 1000);
            Accept(stripe, 0);
            // What comes after it is enough adds nothing.
            Advance(milliseconds: 5000);
            Accept(stripe, 1);
            _times.Sent(stripe);
        }
        AssertAbout(10, _times.Quantile(0.5));
        AssertAbout(10, _times.Quantile(0.95));
        AssertAbout(1000, _times.Quantile(0.99));
    }

    private void Accept(int stripe, int shard)
    {
        _ledger.Accept(new(stripe, shard), _life);
        _times.Accepted(stripe);
    }

    private void Advance(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private static void AssertAbout(double milliseconds, TimeSpan found) =>
        Assert.InRange(found.TotalMilliseconds, milliseconds / 1.02, milliseconds * 1.02);
}
