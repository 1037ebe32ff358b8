using ChunkStream.Abstractions.Paths;
using ChunkStream.Core.Paths;
using ChunkStream.Grains.Paths;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Grains.Paths;

public sealed class PathHealthTests
{
    private static readonly PathSample Good = new(TimeSpan.FromMilliseconds(20), 1e8, 0, 1 << 20, 16, 0);
    private static readonly PathSample Lossy = Good with { LossRate = 0.3 };
    private static readonly PathSample Dead = new(null, null, null, 0, 0, 1);
    private static readonly PathSample Idle = new(null, null, null, 0, 0, 0);

    [Fact]
    public void The_first_sample_is_taken_as_it_is_and_later_ones_smooth_it()
    {
        PathHealth health = After(Good);
        Assert.Equal(Good.RoundTrip, health.RoundTrip);
        Assert.Equal(Good.BytesPerSecond, health.BytesPerSecond);
        health = After(Good, Good with { RoundTrip = TimeSpan.FromMilliseconds(100), BytesPerSecond = 2e8 });
        Assert.Equal(TimeSpan.FromMilliseconds(30), health.RoundTrip);
        Assert.Equal(1.25e8, health.BytesPerSecond);
        Assert.Equal((2L << 20, 32, 0), (health.Bytes, health.Chunks, health.Failures));
    }

    [Fact]
    public void Loss_degrades_at_once_and_recovers_only_after_some_good_samples()
    {
        Assert.Equal(PathStatus.Active, After(Good).Status);
        PathHealth health = After(Good, Lossy);
        Assert.Equal(PathStatus.Degraded, health.Status);
        List<PathStatus> recovering = [];
        for (int i = 0; i < 20; i++) recovering.Add((health = health.After(Good, DateTimeOffset.UnixEpoch)).Status);
        int recovered = recovering.IndexOf(PathStatus.Active);
        Assert.True(recovered >= PathHysteresis.SamplesToRecover - 1, $"It recovered after {recovered + 1} samples.");
        Assert.All(recovering.Skip(recovered), status => Assert.Equal(PathStatus.Active, status));
    }

    [Fact]
    public void A_slow_path_is_degraded() =>
        Assert.Equal(PathStatus.Degraded, After(Good with { RoundTrip = TimeSpan.FromSeconds(2) }).Status);

    [Fact]
    public void A_path_fails_after_failures_in_a_row_that_deliver_nothing()
    {
        Assert.Equal(PathStatus.Active, After(Good, Dead, Dead).Status);
        Assert.Equal(PathStatus.Failed, After(Good, Dead, Dead, Dead).Status);
        Assert.Equal(PathStatus.Active, After(Good, Dead, Dead, Good, Dead).Status);
        Assert.Equal(PathStatus.Failed, After(Dead, Idle, Dead, Idle, Dead).Status);
    }

    [Fact]
    public void A_failed_path_that_delivers_is_degraded_before_it_is_active()
    {
        Assert.Equal(PathStatus.Failed, After(Dead, Dead, Dead, Idle).Status);
        Assert.Equal(PathStatus.Degraded, After(Dead, Dead, Dead, Good).Status);
        Assert.Equal(PathStatus.Degraded, After(Dead, Dead, Dead, Good, Good).Status);
        Assert.Equal(PathStatus.Active, After(Dead, Dead, Dead, Good, Good, Good).Status);
    }

    [Fact]
    public void Loss_on_the_edge_does_not_change_the_status_to_and_fro()
    {
        PathHealth health = After(Lossy);
        int changes = 0;
        for (int i = 0; i < 200; i++)
        {
            PathHealth next = health.After(Good with { LossRate = i % 2 == 0 ? 0.06 : 0.04 }, DateTimeOffset.UnixEpoch);
            if (next.Status != health.Status) changes++;
            health = next;
        }
        Assert.True(changes <= 1, $"The status changed {changes} times.");
    }

    [Fact]
    public void Smoothed_values_stay_between_what_was_measured_and_counters_add_up()
    {
        Gen<PathSample> sample = Gen.Select(Gen.Int[1, 500], Gen.Double[0, 1e9], Gen.Double[0, 1], Gen.Int[0, 100], Gen.Int[0, 3],
            (roundTrip, rate, loss, chunks, failures) => new PathSample(TimeSpan.FromMilliseconds(roundTrip), rate, loss, chunks * 1000L, chunks, failures));
        sample.List[1, 50].Sample(samples =>
        {
            PathHealth health = After([.. samples]);
            Assert.InRange(health.RoundTrip!.Value, samples.Min(s => s.RoundTrip!.Value), samples.Max(s => s.RoundTrip!.Value));
            Assert.InRange(health.LossRate!.Value, samples.Min(s => s.LossRate!.Value) - 1e-9, samples.Max(s => s.LossRate!.Value) + 1e-9);
            Assert.InRange(health.BytesPerSecond!.Value, samples.Min(s => s.BytesPerSecond!.Value) - 1, samples.Max(s => s.BytesPerSecond!.Value) + 1);
            Assert.Equal(samples.Sum(s => s.Bytes), health.Bytes);
            Assert.Equal(samples.Sum(s => s.Failures), health.Failures);
        });
    }

    private static PathHealth After(params PathSample[] samples) =>
        samples.Aggregate(new PathHealth(), (health, sample) => health.After(sample, DateTimeOffset.UnixEpoch));
}
