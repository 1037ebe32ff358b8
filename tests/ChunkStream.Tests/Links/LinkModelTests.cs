using Xunit;

namespace ChunkStream.Tests.Links;

/// <summary>A link's statistics are those that it was asked for, and the same with the same seed.</summary>
public sealed class LinkModelTests
{
    private const int Packets = 20_000;

    [Fact]
    public void As_many_packets_are_lost_as_were_asked_for()
    {
        var link = new LinkConditions { Loss = 0.05 };
        int lost = Fates(link, seed: 3).Count(at => at is null);
        Assert.InRange(lost, 0.045 * Packets, 0.055 * Packets);
        Assert.Equal(Fates(link, seed: 3), Fates(link, seed: 3));
        Assert.NotEqual(Fates(link, seed: 3), Fates(link, seed: 4));
    }

    [Fact]
    public void Delay_has_its_jitter_and_keeps_the_order()
    {
        var link = new LinkConditions { Delay = TimeSpan.FromMilliseconds(20), Jitter = TimeSpan.FromMilliseconds(10) };
        TimeSpan?[] fates = Fates(link, seed: 1);
        for (int i = 0; i < Packets; i++) Assert.InRange((fates[i]!.Value - SentAt(i)).TotalMilliseconds, 20, 30.001);
        Assert.Equal(fates.Order(), fates);
        Assert.InRange(fates.Select((at, i) => (at!.Value - SentAt(i)).TotalMilliseconds).Average(), 24, 30);
    }

    [Fact]
    public void As_many_packets_overtake_others_as_were_asked_for()
    {
        var link = new LinkConditions { Delay = TimeSpan.FromMilliseconds(20), Reordering = 0.1 };
        TimeSpan?[] fates = Fates(link, seed: 5);
        int early = fates.Where((at, i) => at == SentAt(i)).Count();
        Assert.InRange(early, 0.09 * Packets, 0.11 * Packets);
    }

    [Fact]
    public void The_rate_is_kept_and_what_waits_too_long_is_dropped()
    {
        // 1,250 bytes each 100 µs are 100 Mbit/s; half of that fits.
        TimeSpan?[] fates = Fates(new() { RateMbit = 50 }, seed: 1);
        double seconds = fates.Max()!.Value.TotalSeconds;
        Assert.InRange(fates.Count(at => at is not null) * 1250 * 8e-6 / seconds, 49, 50.1);
        Assert.Contains(null, fates);
    }

    [Fact]
    public void Nothing_crosses_a_hole()
    {
        var model = new LinkModel(1);
        Assert.Null(model.Cross(new() { IsHole = true }, TimeSpan.Zero, 100));
        Assert.Equal(TimeSpan.Zero, model.Cross(LinkConditions.Clean, TimeSpan.Zero, 100));
    }

    private static TimeSpan?[] Fates(LinkConditions link, int seed)
    {
        var model = new LinkModel(seed);
        return [.. Enumerable.Range(0, Packets).Select(i => model.Cross(link, SentAt(i), 1250))];
    }

    private static TimeSpan SentAt(int packet) => TimeSpan.FromMicroseconds(100 * packet);
}
