using ChunkStream.Core.Scheduling;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Core.Scheduling;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 100)]
    [InlineData(2, 200)]
    [InlineData(3, 400)]
    [InlineData(4, 800)]
    public void PausesDouble(int failedAttempts, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Backoff.ForChunk.DelayAfter(failedAttempts, random: 0.5));

    [Fact]
    public void AttemptsAreLimited()
    {
        Assert.Null(Backoff.ForChunk.DelayAfter(5, 0));
        Assert.NotNull(Backoff.ForLane.DelayAfter(2, 0));
        Assert.Null(Backoff.ForLane.DelayAfter(3, 0));
        Assert.Null(Backoff.ForLane.DelayAfter(int.MaxValue, 1));
    }

    [Fact]
    public void PausesAreSpreadByHalfAndLimited() => Gen.Select(Gen.Int[1, 2000], Gen.Double[0, 1]).Sample((failedAttempts, random) =>
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), int.MaxValue, TimeSpan.FromSeconds(10));
        double mean = Math.Min(10_000, 100 * Math.Pow(2, failedAttempts - 1));
        Assert.InRange(backoff.DelayAfter(failedAttempts, random)!.Value.TotalMilliseconds, mean * 0.5 - 0.001, mean * 1.5 + 0.001);
    });

    [Fact]
    public void ValuesOutOfBoundsAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(TimeSpan.Zero, 5, TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(TimeSpan.FromSeconds(1), 0, TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(TimeSpan.FromSeconds(2), 5, TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Backoff.ForChunk.DelayAfter(0, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Backoff.ForChunk.DelayAfter(1, 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Backoff.ForChunk.DelayAfter(1, double.NaN));
    }
}
