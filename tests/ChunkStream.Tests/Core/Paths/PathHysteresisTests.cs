using ChunkStream.Core.Paths;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Paths;

public sealed class PathHysteresisTests
{
    [Fact]
    public void What_cant_be_known_speaks_neither_for_a_path_nor_against_it()
    {
        PathHysteresis path = default;
        for (int i = 0; i < 10; i++) path = path.After(delivered: true, failed: false, lossRate: null, roundTrip: null);
        Assert.Equal(PathCondition.Active, path.Condition);
        path = path.After(delivered: true, failed: false, lossRate: 0.5, roundTrip: null);
        for (int i = 0; i < PathHysteresis.SamplesToRecover; i++)
        {
            Assert.Equal(PathCondition.Degraded, path.Condition);
            path = path.After(delivered: true, failed: false, lossRate: null, roundTrip: null);
        }
        Assert.Equal(PathCondition.Active, path.Condition);
    }

    [Fact]
    public void Between_the_bounds_a_condition_stays_what_it_is()
    {
        double between = (PathHysteresis.RecoveredLoss + PathHysteresis.DegradedLoss) / 2;
        foreach (PathCondition condition in (PathCondition[])[PathCondition.Active, PathCondition.Degraded])
        {
            PathHysteresis path = new(condition, 0, 0);
            for (int i = 0; i < 20; i++) path = path.After(delivered: true, failed: false, between, TimeSpan.FromMilliseconds(700));
            Assert.Equal(condition, path.Condition);
        }
    }

    [Fact]
    public void A_failed_path_is_never_active_again_at_once() =>
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Double[0, 1]).List[1, 100].Sample(samples =>
        {
            PathHysteresis path = default;
            foreach (var (delivered, failed, loss) in samples)
            {
                PathHysteresis next = path.After(delivered, failed, loss, null);
                if (path.Condition == PathCondition.Failed) Assert.NotEqual(PathCondition.Active, next.Condition);
                if (next.Condition == PathCondition.Failed) Assert.True(next.FailuresInRow >= PathHysteresis.FailuresToFail || !delivered);
                path = next;
            }
        });
}
