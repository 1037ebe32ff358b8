using ChunkStream.Core.Paths;
using ChunkStream.Sdk.Paths;
using ChunkStream.Tests.Grains;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Sdk.Paths;

public sealed class PathVitalsTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void The_round_trip_is_the_shortest_of_the_last_seconds()
    {
        var vitals = new PathVitals(_time);
        Assert.Null(vitals.RoundTrip);
        vitals.Answered(TimeSpan.FromMilliseconds(20));
        vitals.Answered(TimeSpan.FromMilliseconds(90));
        Assert.Equal(20, vitals.RoundTrip!.Value.TotalMilliseconds);
        _time.Advance(TimeSpan.FromSeconds(11));
        vitals.Answered(TimeSpan.FromMilliseconds(80));
        Assert.Equal(80, vitals.RoundTrip!.Value.TotalMilliseconds);
    }

    [Fact]
    public void Connections_that_fail_one_after_another_fail_the_path_and_one_that_stands_gives_it_a_chance()
    {
        var link = new PathLink("a>b/quic", LaneKind.Quic, _time);
        for (int i = 0; i < PathHysteresis.FailuresToFail; i++)
        {
            Assert.True(link.IsWell);
            link.Vitals.Failed();
        }
        Assert.Equal((PathCondition.Failed, false), (link.Vitals.Condition, link.IsWell));
        link.Vitals.Connected();
        Assert.Equal((PathCondition.Degraded, true), (link.Vitals.Condition, link.IsWell));
    }

    [Fact]
    public void A_degraded_path_is_given_less()
    {
        var link = new PathLink("a>b/quic", LaneKind.Quic, _time);
        double before = link.SecondsToDeliver(1000, 1000);
        for (int i = 0; i < PathHysteresis.FailuresToFail; i++) link.Vitals.Failed();
        link.Vitals.Connected();
        Assert.True(link.SecondsToDeliver(1000, 1000) > before);
    }

    [Fact]
    public void The_lowest_rank_that_is_well_has_its_turn()
    {
        PathLink first = new("a", LaneKind.Tls, _time, rank: 0), second = new("b", LaneKind.Tls, _time, rank: 1), third = new("c", LaneKind.Tls, _time, rank: 1);
        Assert.Equal([first], PathLink.Turn([third, first, second]));
        first.Vitals.IsSuspect = true;
        Assert.Equal([third, second], PathLink.Turn([third, first, second]));
        (second.Vitals.IsSuspect, third.Vitals.IsSuspect) = (true, true);
        Assert.Equal([third, first, second], PathLink.Turn([third, first, second]));
    }

    [Fact]
    public void Silence_is_counted_from_the_last_sign_of_life()
    {
        var link = new PathLink("a", LaneKind.Tls, _time);
        link.Start(10);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3, link.Vitals.Silence.TotalSeconds);
        link.Deliver(10);
        Assert.Equal(0, link.Vitals.Silence.TotalSeconds);
    }
}
