using System.Diagnostics;
using ChunkStream.Transport.Congestion;
using Xunit;

namespace ChunkStream.Tests.Transport.Congestion;

public sealed class LanePacerTests
{
    private const int Rate = 20_000_000, Frame = 1 << 20;

    [Fact]
    public async Task The_frame_that_began_first_goes_first()
    {
        // A piece in half a second.
        var pacer = new LanePacer(TimeProvider.System) { BytesPerSecond = 32 * 1024 };
        long first = pacer.Begin(), second = pacer.Begin(), third = pacer.Begin();
        await TakeAsync(third);
        // The last one has the turn when the others come, and there are two in line when it is over.
        Task<int> ofThird = TakeAsync(third), ofSecond = TakeAsync(second), ofFirst = TakeAsync(first);
        Assert.Same(ofThird, await Task.WhenAny(ofSecond, ofFirst, ofThird));
        Assert.Same(ofFirst, await Task.WhenAny(ofSecond, ofFirst));
        await ofSecond.WaitAsync(TimeSpan.FromSeconds(30));

        Task<int> TakeAsync(long frame) => pacer.TakeAsync(frame, Frame, default).AsTask();
    }

    [Fact]
    public async Task A_lanes_first_frame_goes_before_those_of_lanes_that_have_sent()
    {
        var pacer = new LanePacer(TimeProvider.System) { BytesPerSecond = 32 * 1024 };
        long old = pacer.Begin(), one = pacer.Begin(isFirst: true), other = pacer.Begin(isFirst: true);
        await TakeAsync(old);
        Task<int> holding = TakeAsync(old), ofOld = TakeAsync(old), ofOther = TakeAsync(other), ofOne = TakeAsync(one);
        Assert.Same(holding, await Task.WhenAny(ofOld, ofOther, ofOne, holding));
        Assert.Same(ofOne, await Task.WhenAny(ofOld, ofOther, ofOne));
        Assert.Same(ofOther, await Task.WhenAny(ofOld, ofOther));
        await ofOld.WaitAsync(TimeSpan.FromSeconds(30));

        Task<int> TakeAsync(long frame) => pacer.TakeAsync(frame, Frame, default).AsTask();
    }

    [Fact]
    public async Task No_more_passes_than_the_pace_and_what_a_late_timer_missed()
    {
        var pacer = new LanePacer(TimeProvider.System) { BytesPerSecond = Rate };
        long startedAt = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => WriteAsync(pacer, pacer.Begin(), Frame, () => { }))).WaitAsync(TimeSpan.FromSeconds(30));
        double seconds = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        // The burst, and a piece that may go into debt.
        Assert.True(4.0 * Frame <= Rate * (seconds + 0.010) + 128 * 1024, $"{4 * Frame} bytes passed in {seconds:0.000} s.");
    }

    [Fact]
    public async Task A_lane_that_is_cancelled_while_it_waits_holds_up_nobody()
    {
        var pacer = new LanePacer(TimeProvider.System) { BytesPerSecond = Rate };
        using var cancelled = new CancellationTokenSource();
        Task holding = WriteAsync(pacer, pacer.Begin(), Frame, () => { });
        Task waiting = WriteAsync(pacer, pacer.Begin(), Frame, () => { }, cancelled.Token);
        Task last = WriteAsync(pacer, pacer.Begin(), Frame, () => { });
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Task.WhenAll(holding, last).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Without_a_pace_nothing_waits() =>
        Assert.Equal(Frame, await new LanePacer(TimeProvider.System).TakeAsync(1, Frame, default));

    private static async Task WriteAsync(LanePacer pacer, long frame, int bytes, Action ended, CancellationToken cancellationToken = default)
    {
        while (bytes > 0) bytes -= await pacer.TakeAsync(frame, bytes, cancellationToken);
        ended();
    }
}
