using ChunkStream.Protocol.Pacing;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Protocol.Pacing;

public sealed class PaceControllerTests
{
    private static readonly Gen<(double Rate, int RoundTripMs, double Lost, int Seed)> s_links =
        Gen.Select(Gen.Double[1e6, 60e6], Gen.Int[10, 200], Gen.Double[0, 0.02], Gen.Int[0, 1000]);

    [Fact]
    public void Fills_a_link_and_keeps_its_queue_short() => s_links.Sample((rate, roundTripMs, lost, seed) =>
    {
        TimeSpan roundTrip = TimeSpan.FromMilliseconds(roundTripMs);
        var link = new SimulatedLink(rate, roundTrip, 64 * 1024, lost, seed);
        link.Run(TimeSpan.FromSeconds(10) + 60 * roundTrip);
        var (arrived, _) = link.Run(TimeSpan.FromSeconds(10));
        Assert.True(arrived > 0.95 * rate, $"{arrived / 1e6:0.00} of {rate / 1e6:0.00} MB/s arrive, with {roundTripMs} ms.");
    }, iter: 60);

    [Fact]
    public void Follows_a_link_that_becomes_slower_and_faster()
    {
        var link = new SimulatedLink(25e6, TimeSpan.FromMilliseconds(50), 256 * 1024, 0, seed: 1);
        link.Run(TimeSpan.FromSeconds(5));
        link.BytesPerSecond = 5e6;
        link.Run(TimeSpan.FromSeconds(5));
        Assert.InRange(link.Run(TimeSpan.FromSeconds(5)).ArrivedBytesPerSecond, 4e6, 5.1e6);
        link.BytesPerSecond = 25e6;
        link.Run(TimeSpan.FromSeconds(10));
        Assert.InRange(link.Run(TimeSpan.FromSeconds(5)).ArrivedBytesPerSecond, 22e6, 25.1e6);
    }

    [Fact]
    public void A_known_link_is_full_from_the_start()
    {
        var link = new SimulatedLink(25e6, TimeSpan.FromMilliseconds(50), 256 * 1024, 0, seed: 1, knownBytesPerSecond: 24_000_000);
        Assert.InRange(link.Controller.BytesPerSecond, 21_000_000, 24_000_000);
        var (arrived, longest) = link.Run(TimeSpan.FromSeconds(2));
        Assert.True(arrived > 0.9 * 25e6, $"{arrived / 1e6:0.0} of 25 MB/s arrive.");
        Assert.True(longest < TimeSpan.FromMilliseconds(50), $"The queue was {longest.TotalMilliseconds:0} ms long.");
    }

    [Theory]
    [InlineData(125_000_000, 4e6)]
    [InlineData(5_000_000, 20e6)]
    public void What_was_known_and_is_not_so_is_found_out(long knownBytesPerSecond, double least)
    {
        double rate = knownBytesPerSecond > 25_000_000 ? 5e6 : 25e6;
        var link = new SimulatedLink(rate, TimeSpan.FromMilliseconds(50), 64 * 1024, 0, seed: 1, knownBytesPerSecond);
        link.Run(TimeSpan.FromSeconds(3));
        Assert.InRange(link.Run(TimeSpan.FromSeconds(2)).ArrivedBytesPerSecond, least, rate * 1.01);
        Assert.InRange(link.Controller.BytesPerSecond, 0.7 * rate, 1.4 * rate);
    }

    [Fact]
    public void A_rate_that_was_known_too_low_costs_half_a_second()
    {
        var link = new SimulatedLink(25e6, TimeSpan.FromMilliseconds(50), 64 * 1024, 0, seed: 1, knownBytesPerSecond: 10_000_000);
        Assert.True(link.Run(TimeSpan.FromSeconds(3)).ArrivedBytesPerSecond > 25e6 * 2.5 / 3);
    }

    [Fact]
    public void A_queue_that_was_there_before_the_first_echo_is_seen_where_the_round_trip_is_known()
    {
        var link = new SimulatedLink(
            25e6, TimeSpan.FromMilliseconds(50), 256 * 1024, 0, seed: 1, knownBytesPerSecond: 26_000_000, knownRoundTrip: TimeSpan.FromMilliseconds(50))
        {
            QueueBytes = 0.03 * 25e6,
        };
        link.Run(TimeSpan.FromSeconds(2));
        var (arrived, longest) = link.Run(TimeSpan.FromSeconds(1));
        Assert.True(arrived > 0.95 * 25e6, $"{arrived / 1e6:0.0} of 25 MB/s arrive.");
        Assert.True(longest < TimeSpan.FromMilliseconds(25), $"The queue was {longest.TotalMilliseconds:0} ms long.");
    }

    [Theory]
    [InlineData(6.25e6, 30, 64 * 1024)]
    [InlineData(6.25e6, 30, 256 * 1024)]
    [InlineData(6.25e6, 120, 256 * 1024)]
    [InlineData(3e6, 100, 64 * 1024)]
    public void A_queue_that_was_there_before_the_first_echo_is_found_out(double rate, int roundTripMs, int chunkBytes)
    {
        TimeSpan roundTrip = TimeSpan.FromMilliseconds(roundTripMs);
        var link = new SimulatedLink(rate, roundTrip, chunkBytes, 0, seed: 1) { QueueBytes = 0.9 * rate * roundTrip.TotalSeconds };
        link.Run(TimeSpan.FromSeconds(6));
        Assert.InRange(link.Controller.BaseRoundTrip!.Value, roundTrip, roundTrip + TimeSpan.FromMilliseconds(10));
        double dropped = link.DroppedBytes;
        var (arrived, _) = link.Run(TimeSpan.FromSeconds(10));
        Assert.True(arrived > 0.95 * rate, $"{arrived / 1e6:0.00} of {rate / 1e6:0.00} MB/s arrive.");
        Assert.True(link.DroppedBytes - dropped < 0.01 * 10 * rate, $"{(link.DroppedBytes - dropped) / 1e6:0.0} MB were dropped.");
    }

    [Fact]
    public void A_queue_that_stands_does_not_become_the_base()
    {
        var link = new SimulatedLink(25e6, TimeSpan.FromMilliseconds(50), 256 * 1024, 0, seed: 1);
        for (int i = 0; i < 20; i++)
        {
            link.Run(TimeSpan.FromSeconds(30));
            Assert.InRange(link.Controller.BaseRoundTrip!.Value, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(56));
        }
        Assert.True(link.Run(TimeSpan.FromSeconds(60)).ArrivedBytesPerSecond > 0.98 * 25e6);
    }

    [Fact]
    public void A_queue_too_short_to_be_seen_is_not_overrun_for_long()
    {
        var link = new SimulatedLink(60e6, TimeSpan.FromMilliseconds(10), 64 * 1024, 0, seed: 1, knownBytesPerSecond: 180_000_000);
        link.Run(TimeSpan.FromSeconds(3));
        double dropped = link.DroppedBytes;
        Assert.True(link.Run(TimeSpan.FromSeconds(10)).ArrivedBytesPerSecond > 0.95 * 60e6);
        Assert.True(link.DroppedBytes - dropped < 0.02 * 600e6, $"{(link.DroppedBytes - dropped) / 1e6:0.0} MB were dropped.");
    }

    [Fact]
    public void A_round_trip_that_has_become_longer_is_believed_soon()
    {
        var link = new SimulatedLink(
            25e6, TimeSpan.FromMilliseconds(100), 256 * 1024, 0, seed: 1, knownBytesPerSecond: 24_000_000, knownRoundTrip: TimeSpan.FromMilliseconds(50));
        link.Run(TimeSpan.FromSeconds(8));
        Assert.InRange(link.Controller.BaseRoundTrip!.Value, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(130));
        Assert.True(link.Run(TimeSpan.FromSeconds(5)).ArrivedBytesPerSecond > 0.95 * 25e6);
    }

    [Fact]
    public void News_of_many_chunks_at_once_is_not_a_faster_link()
    {
        var link = new SimulatedLink(25e6, TimeSpan.FromMilliseconds(50), 256 * 1024, 0, seed: 1, knownBytesPerSecond: 24_000_000)
        {
            TellEvery = TimeSpan.FromMilliseconds(150),
        };
        for (int i = 0; i < 40; i++)
        {
            link.Run(TimeSpan.FromMilliseconds(50));
            Assert.InRange(link.Controller.BytesPerSecond, 0, 1.35 * 25e6);
        }
        Assert.True(link.Run(TimeSpan.FromSeconds(1)).LongestQueue < TimeSpan.FromMilliseconds(40));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(24_000_000)]
    [InlineData(10_000_000)]
    public void The_rate_is_sought_until_the_link_was_full(long knownBytesPerSecond)
    {
        var link = new SimulatedLink(25e6, TimeSpan.FromMilliseconds(50), 64 * 1024, 0, seed: 1, knownBytesPerSecond);
        Assert.True(link.Controller.IsSeeking);
        link.Run(TimeSpan.FromMilliseconds(150));
        Assert.True(link.Controller.IsSeeking);
        link.Run(TimeSpan.FromSeconds(5));
        Assert.False(link.Controller.IsSeeking);
    }

    [Fact]
    public void A_path_that_turns_out_short_as_it_is_drained_may_become_long_again()
    {
        var pace = new PaceController();
        TimeSpan now = TimeSpan.Zero;
        Echo(milliseconds: 5, seconds: 1);
        Echo(milliseconds: 6, seconds: 59.1);
        Echo(milliseconds: 1, seconds: 0.1);
        Assert.Equal(0, pace.BytesPerSecond);
        Echo(milliseconds: 50, seconds: 70);
        Assert.Equal(TimeSpan.FromMilliseconds(50), pace.BaseRoundTrip);
        Assert.True(pace.BytesPerSecond > 0);

        void Echo(double milliseconds, double seconds)
        {
            for (TimeSpan end = now + TimeSpan.FromSeconds(seconds); now < end; now += TimeSpan.FromMilliseconds(10))
                pace.RoundTrip(TimeSpan.FromMilliseconds(milliseconds), now);
        }
    }

    [Fact]
    public void A_short_path_has_no_pace()
    {
        var pace = new PaceController();
        Assert.Equal(PaceController.InitialBytesPerSecond, pace.BytesPerSecond);
        pace.RoundTrip(TimeSpan.FromMilliseconds(0.3), TimeSpan.Zero);
        Assert.Equal(0, pace.BytesPerSecond);
    }

    [Fact]
    public void An_echo_that_was_lost_and_sent_again_changes_little()
    {
        var link = new SimulatedLink(25e6, TimeSpan.FromMilliseconds(50), 256 * 1024, 0, seed: 1);
        link.Run(TimeSpan.FromSeconds(10));
        long before = link.Controller.BytesPerSecond;
        link.Controller.RoundTrip(TimeSpan.FromMilliseconds(150), TimeSpan.FromSeconds(10.001));
        Assert.InRange(link.Controller.BytesPerSecond, before * 0.95, before * 1.05);
    }
}
