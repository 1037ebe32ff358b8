using ChunkStream.Protocol.Frames;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Transport.Lanes;

public sealed class LaneMeasureTests
{
    [LinuxFact]
    public async Task TCP_tells_round_trips_losses_and_silence()
    {
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Tls);
        await using LanePair lane = await host.ConnectAsync();
        await lane.Client.WriteAsync(FrameHeader.Of(FrameType.Flush, 0), default);
        await Soon.DoneAsync("a frame", lane.Server.ReadHeaderAsync(default).AsTask());

        LaneMeasure measure = Assert.NotNull(lane.Client.Measure());
        // A machine's own round trip is far below a second; another field read in its place wouldn't be.
        Assert.InRange(measure.RoundTrip, TimeSpan.FromMicroseconds(1), TimeSpan.FromSeconds(1));
        Assert.InRange(measure.SentSegments, 3, 1000);
        Assert.InRange(measure.LostSegments, 0, measure.SentSegments);
        Assert.InRange(measure.Silence, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [LinuxFact]
    public async Task A_lane_that_was_cut_off_tells_nothing()
    {
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Tls);
        await using LanePair lane = await host.ConnectAsync();
        lane.Client.Abort();
        Assert.Null(lane.Client.Measure());
    }

    [QuicFact]
    public async Task QUIC_tells_nothing()
    {
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Quic);
        await using LanePair lane = await host.ConnectAsync();
        Assert.Null(lane.Client.Measure());
    }
}
