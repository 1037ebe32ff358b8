using ChunkStream.Protocol.Frames;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Paths;
using ChunkStream.Sdk.Receiving;
using ChunkStream.Tests.Transport.Lanes;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Sdk.Paths;

public sealed class PathMeterTests
{
    [Fact]
    public async Task The_pace_is_told_after_Hello_however_soon_the_first_echo_is_back()
    {
        var known = new PathState
        {
            Key = "path",
            Status = "Active",
            RoundTripMs = 50,
            BytesPerSecond = 10e6,
            Bytes = 0,
            Chunks = 0,
            Failures = 0,
            UpdatedAt = DateTimeOffset.UtcNow,
        };
        var link = new PathLink("path", LaneKind.Tls, TimeProvider.System, known: known);
        await using var stream = new EarlyEchoStream(TimeSpan.FromMilliseconds(50));
        await using var lane = new TestLane(stream);
        var meter = new PathMeter<FetchRequest>(lane, "ticket", link, () => 1, new ChunkDispatcher<FetchRequest>(), gatewaySends: true, TimeProvider.System);
        using var ending = new CancellationTokenSource();
        Task running = meter.RunAsync(ending.Token);

        await Soon.TrueAsync("the first echo to be heard", () => link.Pace.BaseRoundTrip is not null);
        Assert.Equal([FrameType.Ping], stream.Written);
        stream.LetGo();

        await Soon.TrueAsync("the pace to be told", () => stream.Written.Contains(FrameType.Pace));
        Assert.Equal([FrameType.Ping, FrameType.Hello, FrameType.Ping, FrameType.Pace], stream.Written.Take(4));
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }
}
