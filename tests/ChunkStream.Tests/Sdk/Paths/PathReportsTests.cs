using ChunkStream.Core.Failures;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Paths;
using ChunkStream.Tests.Frontend;
using ChunkStream.Tests.Grains;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Sdk.Paths;

public sealed class PathReportsTests
{
    private readonly ManualTime _time = new();
    private readonly FakeService _service = new();
    private readonly PathLink _link;
    private readonly PathReports _sending, _receiving;

    public PathReportsTests()
    {
        _link = new("127.0.0.2>127.0.0.1:1/tls", LaneKind.Tls, _time);
        var control = new FakeControlPlane(_service, "local");
        _sending = new(control, () => [_link], receives: false, new(), _time);
        _receiving = new(control, () => [_link], receives: true, new(), _time);
    }

    [Fact]
    public async Task Each_report_says_what_is_new()
    {
        Deliver(100);
        _link.Vitals.Connected();
        _link.Vitals.Hedged();
        await _sending.TellAsync(default);
        Deliver(50);
        _link.Vitals.Resent();
        _link.Vitals.Cancelled();
        await _sending.TellAsync(default);
        Assert.Equal(
            [(100, 1, 1, 0, 1, 0), (50, 1, 0, 1, 0, 1)],
            _service.Reports.Select(one => (one.Bytes, one.Chunks, one.Connections, one.ResentChunks, one.HedgedChunks, one.CancelledChunks)));
        Assert.All(_service.Reports, one => Assert.Equal((0, 0), (one.ReceivedBytes, one.ReceivedChunks)));
    }

    [Fact]
    public async Task Nothing_new_is_not_told()
    {
        await _sending.TellAsync(default);
        Deliver(1);
        await _sending.TellAsync(default);
        await _sending.TellAsync(default);
        Assert.Single(_service.Reports);
    }

    [Fact]
    public async Task What_came_from_the_service_is_told_apart()
    {
        Deliver(7);
        await _receiving.TellAsync(default);
        PathReport report = Assert.Single(_service.Reports);
        Assert.Equal((7, 7, 1, 1), (report.Bytes, report.ReceivedBytes, report.Chunks, report.ReceivedChunks));
    }

    [Fact]
    public async Task What_could_not_be_told_is_told_next_time()
    {
        Deliver(7);
        _service.Failure = new ChunkStreamException(FailureCode.NotReady, "Not now.");
        await _sending.TellAsync(default);
        _service.Failure = null;
        Deliver(5);
        await _sending.TellAsync(default);
        Assert.Equal(12, Assert.Single(_service.Reports).Bytes);
    }

    [Fact]
    public async Task Loss_that_cant_be_known_is_told_as_unknown()
    {
        Deliver(7);
        await _sending.TellAsync(default);
        Assert.Null(Assert.Single(_service.Reports).LossRate);
    }

    [Fact]
    public async Task What_a_path_carried_before_it_was_full_is_not_its_rate()
    {
        PathLink link = new("127.0.0.2>127.0.0.1:1/quic", LaneKind.Quic, _time);
        var reports = new PathReports(new FakeControlPlane(_service, "local"), () => [link], receives: false, new(), _time);
        link.Pace.Join(0);
        link.Pace.Echo(TimeSpan.FromMilliseconds(50), 0);
        link.Start(1000);
        _time.Advance(TimeSpan.FromSeconds(1));
        link.Deliver(1000);
        await reports.TellAsync(default);
        PathReport report = Assert.Single(_service.Reports);
        Assert.Equal(1000, report.Bytes);
        Assert.Null(report.BytesPerSecond);
    }

    private void Deliver(long bytes)
    {
        _link.Start(bytes);
        _time.Advance(TimeSpan.FromSeconds(1));
        _link.Deliver(bytes);
    }
}
