using ChunkStream.Core.Failures;
using ChunkStream.Core.Scheduling;
using ChunkStream.Transport.Bandwidth;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Transport.Bandwidth;

public sealed class SharedBandwidthTests
{
    private const double Mega = 1e6;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SteppedTime _time = new();

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    public void Three_levels_share_a_limit(int lanes)
    {
        var bandwidth = new SharedBandwidth(8_000_000, sharesUnlimited: true, _time);
        var network = new SimulatedNetwork(_time, 1000 * Mega);
        SimulatedSender[] senders = [.. Levels.Select(level => new SimulatedSender(bandwidth, level, lanes))];

        var (shares, rate) = network.Run(10 * Second, senders);

        AssertShares([0.5, 0.3, 0.2], shares, 0.03);
        Assert.InRange(rate, 7.8 * Mega, 8.4 * Mega);
    }

    [Fact]
    public void What_an_idle_level_leaves_goes_to_the_others_by_their_shares()
    {
        var bandwidth = new SharedBandwidth(8_000_000, sharesUnlimited: true, _time);
        var network = new SimulatedNetwork(_time, 1000 * Mega);
        SimulatedSender[] senders = [.. Levels.Select(level => new SimulatedSender(bandwidth, level, 4))];
        network.Run(2 * Second, senders);

        network.Run(1 * Second, senders[1], senders[2]);
        var (shares, rate) = network.Run(10 * Second, senders[1], senders[2]);

        AssertShares([0.6, 0.4], shares, 0.03);
        Assert.InRange(rate, 7.8 * Mega, 8.2 * Mega);
        // One alone has all of it.
        Assert.InRange(network.Run(5 * Second, senders[2]).BytesPerSecond, 7.6 * Mega, 8.2 * Mega);
    }

    [Fact]
    public void The_limit_changes_live()
    {
        var bandwidth = new SharedBandwidth(8_000_000, sharesUnlimited: true, _time);
        var network = new SimulatedNetwork(_time, 100 * Mega);
        var sender = new SimulatedSender(bandwidth, Priority.Normal, 8);
        network.Run(Second, sender);

        bandwidth.MaxBytesPerSecond = 20_000_000;
        Assert.InRange(network.Run(Second, sender).BytesPerSecond, 19 * Mega, 21.5 * Mega);
        bandwidth.MaxBytesPerSecond = 2_000_000;
        network.Run(0.2 * Second, sender);
        Assert.InRange(network.Run(3 * Second, sender).BytesPerSecond, 1.8 * Mega, 2.2 * Mega);
        bandwidth.MaxBytesPerSecond = 0;
        Assert.InRange(network.Run(Second, sender).BytesPerSecond, 99 * Mega, 101 * Mega);
    }

    [Fact]
    public void A_change_of_priority_acts_within_a_second()
    {
        var bandwidth = new SharedBandwidth(8_000_000, sharesUnlimited: true, _time);
        var network = new SimulatedNetwork(_time, 1000 * Mega);
        SimulatedSender first = new(bandwidth, Priority.Low, 8), second = new(bandwidth, Priority.High, 8);
        AssertShares([0.2 / 0.7, 0.5 / 0.7], network.Run(5 * Second, first, second).Shares, 0.03);

        first.Flow.Priority = Priority.High;
        second.Flow.Priority = Priority.Low;

        AssertShares([0.5 / 0.7, 0.2 / 0.7], network.Run(Second, first, second).Shares, 0.08);
    }

    [Theory]
    [InlineData(100, 0.9)]
    [InlineData(10, 0.75)]
    public void Without_a_limit_levels_share_what_the_network_takes(double megabytesPerSecond, double atLeast)
    {
        var bandwidth = new SharedBandwidth(0, sharesUnlimited: true, _time);
        var network = new SimulatedNetwork(_time, megabytesPerSecond * Mega);
        SimulatedSender[] senders = [.. Levels.Select(level => new SimulatedSender(bandwidth, level, 8))];

        network.Run(5 * Second, senders);
        var (shares, rate) = network.Run(20 * Second, senders);

        AssertShares([0.5, 0.3, 0.2], shares, 0.1);
        Assert.True(rate > atLeast * network.BytesPerSecond, $"{rate / Mega:0.0} MB/s of {megabytesPerSecond}.");
    }

    [Fact]
    public void Without_a_limit_the_pace_follows_the_network_both_ways()
    {
        var bandwidth = new SharedBandwidth(0, sharesUnlimited: true, _time);
        var network = new SimulatedNetwork(_time, 10 * Mega);
        SimulatedSender high = new(bandwidth, Priority.High, 8), low = new(bandwidth, Priority.Low, 8);
        network.Run(5 * Second, high, low);

        network.BytesPerSecond = 40 * Mega;
        network.Run(8 * Second, high, low);
        Assert.InRange(network.Run(5 * Second, high, low).BytesPerSecond, 35 * Mega, 41 * Mega);
        network.BytesPerSecond = 8 * Mega;
        network.Run(8 * Second, high, low);
        var (shares, rate) = network.Run(20 * Second, high, low);
        AssertShares([0.5 / 0.7, 0.2 / 0.7], shares, 0.12);
        Assert.InRange(rate, 5.5 * Mega, 8.1 * Mega);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8_000_000)]
    public void A_network_that_stalls_is_used_again_when_it_goes_on(long limit)
    {
        var bandwidth = new SharedBandwidth(limit, sharesUnlimited: true, _time);
        var network = new SimulatedNetwork(_time, 20 * Mega);
        SimulatedSender high = new(bandwidth, Priority.High, 8, 64 * 1024), low = new(bandwidth, Priority.Low, 8, 64 * 1024);
        double before = network.Run(10 * Second, high, low).BytesPerSecond;

        network.BytesPerSecond = 1 * Mega;
        network.Run(8 * Second, high, low);
        network.BytesPerSecond = 20 * Mega;
        network.Run(5 * Second, high, low);

        Assert.InRange(network.Run(10 * Second, high, low).BytesPerSecond, 0.85 * before, 1.15 * before);
    }

    [Theory]
    [InlineData(0, 20, 100)]
    [InlineData(0, 20, 4)]
    [InlineData(0, 150, 100)]
    [InlineData(0, 150, 4)]
    [InlineData(8_000_000, 20, 4)]
    [InlineData(8_000_000, 150, 100)]
    [InlineData(8_000_000, 150, 4)]
    [InlineData(8_000_000, 400, 100)]
    public void Timers_that_are_late_cost_little(long limit, int lateMilliseconds, int lanes)
    {
        var bandwidth = new SharedBandwidth(limit, sharesUnlimited: true, _time);
        var network = new SimulatedNetwork(_time, 20 * Mega);
        SimulatedSender high = new(bandwidth, Priority.High, lanes, 64 * 1024), low = new(bandwidth, Priority.Low, lanes, 64 * 1024);
        _time.Late = TimeSpan.FromMilliseconds(lateMilliseconds);
        network.Run(5 * Second, high, low);

        double found = network.Run(30 * Second, high, low).BytesPerSecond, expected = limit > 0 ? limit : network.BytesPerSecond;
        Assert.True(found > 0.75 * expected, $"{found / Mega:0.00} MB/s of {expected / Mega:0}.");
    }

    [Theory]
    [InlineData(0, 40, 50, 300)]
    [InlineData(0, 4, 50, 300)]
    [InlineData(0, 40, 50, 1000)]
    [InlineData(8_000_000, 40, 300, 300)]
    public void A_network_that_stands_still_now_and_then_is_as_fast_as_its_mean(long limit, int lanes, int stillMilliseconds, int movingMilliseconds)
    {
        var bandwidth = new SharedBandwidth(limit, sharesUnlimited: true, _time);
        var network = new SimulatedNetwork(_time, 50 * Mega);
        SimulatedSender high = new(bandwidth, Priority.High, lanes, 64 * 1024), low = new(bandwidth, Priority.Low, lanes, 64 * 1024);
        double rate = 0;
        TimeSpan moving = TimeSpan.FromMilliseconds(movingMilliseconds), still = TimeSpan.FromMilliseconds(stillMilliseconds);
        const int Times = 60;
        for (int i = 0; i < Times; i++)
        {
            network.BytesPerSecond = 50 * Mega;
            rate += network.Run(moving, high, low).BytesPerSecond / Times * moving / (moving + still);
            network.BytesPerSecond = 1;
            network.Run(still, high, low);
        }

        double mean = 50 * Mega * moving / (moving + still), expected = limit > 0 ? Math.Min(limit, mean) : mean;
        Assert.True(rate > 0.75 * expected, $"{rate / Mega:0.00} MB/s of {expected / Mega:0}.");
    }

    [Fact]
    public void What_is_lost_on_the_way_is_not_taken_for_a_queue()
    {
        var bandwidth = new SharedBandwidth(0, sharesUnlimited: true, _time);
        var network = new SimulatedNetwork(_time, 10 * Mega);
        SimulatedSender high = new(bandwidth, Priority.High, 8), low = new(bandwidth, Priority.Low, 8);
        // Of a transfer that was interrupted.
        for (int i = 0; i < 64; i++)
        {
            Assert.True(low.Flow.EnterForChunkAsync(1 << 20, default).AsTask().IsCompletedSuccessfully);
            low.Flow.Lost(1 << 20);
        }
        network.Run(5 * Second, high, low);

        Assert.InRange(network.Run(20 * Second, high, low).BytesPerSecond, 0.75 * network.BytesPerSecond, network.BytesPerSecond);
    }

    [Fact]
    public void Without_a_limit_and_told_so_nothing_ever_waits()
    {
        var bandwidth = new SharedBandwidth(0, sharesUnlimited: false, _time);
        using BandwidthFlow high = bandwidth.Open(Priority.High), low = bandwidth.Open(Priority.Low);
        for (int i = 0; i < 10_000; i++)
        {
            Assert.True(EntersAtOnce(high));
            Assert.True(EntersAtOnce(low));
            _time.Advance(Second / 1000);
        }
        Assert.Equal(0, bandwidth.Waiting.Enqueued);
    }

    [Fact]
    public void One_level_without_a_limit_never_waits()
    {
        var bandwidth = new SharedBandwidth(0, sharesUnlimited: true, _time);
        using BandwidthFlow first = bandwidth.Open(Priority.Low), second = bandwidth.Open(Priority.Low);

        for (int i = 0; i < 10_000; i++)
        {
            Assert.True(EntersAtOnce(first));
            Assert.True(EntersAtOnce(second));
        }

        Assert.Equal(0, bandwidth.Waiting.Enqueued);
        Assert.Equal(20_000L << 20, bandwidth.PassedBytes);
    }

    [Fact]
    public async Task A_cancelled_writer_leaves_and_takes_nothing()
    {
        var bandwidth = new SharedBandwidth(1_000_000, sharesUnlimited: true, _time);
        using BandwidthFlow flow = bandwidth.Open(Priority.Normal);
        using var cancelling = new CancellationTokenSource();
        await flow.EnterAsync(1_050_000, default);
        Task cancelled = flow.EnterAsync(10_000_000, cancelling.Token).AsTask(), next = flow.EnterAsync(1000, default).AsTask();

        await cancelling.CancelAsync();
        _time.Advance(Second);

        await Assert.ThrowsAsync<TaskCanceledException>(() => cancelled);
        await Soon.DoneAsync("the next writer's turn", next);
        Assert.Equal(1_051_000, bandwidth.PassedBytes);
    }

    [Fact]
    public async Task More_writers_than_may_wait_are_refused()
    {
        var bandwidth = new SharedBandwidth(1, sharesUnlimited: true, _time);
        using BandwidthFlow flow = bandwidth.Open(Priority.Normal);
        await flow.EnterAsync(1000, default);
        Task[] waiting = [.. Enumerable.Range(0, SharedBandwidth.MaxWaiting).Select(_ => flow.EnterAsync(1, default).AsTask())];

        LaneException refused = await Assert.ThrowsAsync<LaneException>(async () => await flow.EnterAsync(1, default));

        Assert.Equal(FailureCode.LimitReached, refused.Code);
        Assert.Equal((1, 1.0), (bandwidth.Waiting.Rejected, bandwidth.Waiting.Utilisation));
        bandwidth.MaxBytesPerSecond = 0;
        await Soon.DoneAsync("those who waited", Task.WhenAll(waiting));
    }

    [Fact]
    public void A_flow_that_has_ended_leaves_nothing_to_contend_with()
    {
        var bandwidth = new SharedBandwidth(0, sharesUnlimited: true, _time);
        using BandwidthFlow low = bandwidth.Open(Priority.Low);
        BandwidthFlow high = bandwidth.Open(Priority.High);
        Assert.True(EntersAtOnce(high));
        high.Dispose();
        high.Dispose();

        for (int i = 0; i < 1000; i++)
        {
            Assert.True(EntersAtOnce(low));
            _time.Advance(Second / 1000);
        }
        Assert.Equal(0, bandwidth.Waiting.Enqueued);
    }

    private static readonly Priority[] Levels = [Priority.High, Priority.Normal, Priority.Low];

    private static bool EntersAtOnce(BandwidthFlow flow) => flow.EnterAsync(1 << 20, default).AsTask().IsCompletedSuccessfully;

    private static void AssertShares(double[] expected, double[] found, double tolerance)
    {
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= tolerance, $"Shares {string.Join(" ", found.Select(share => $"{share:0.000}"))}, not {string.Join(" ", expected.Select(share => $"{share:0.000}"))}.");
    }
}
