using ChunkStream.Core.Layout;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using Xunit;

namespace ChunkStream.Tests.Sdk.Paths;

/// <summary>What a transfer measures is seen while it runs, and adds up when it is done.</summary>
public sealed class LiveStatisticsTests(PathsService service) : IClassFixture<PathsService>
{
    [Fact]
    public async Task A_running_transfer_is_seen_in_the_list_of_paths()
    {
        service.Renew();
        const string Local = "127.0.0.21";
        int number = 0;
        long seen = 0;
        ChunkStreamClient client = service.Client(
            new RoutedControl(service.Gateway.Control), TransportChoice.Tls, new FakeAddresses(Local), new() { PingEvery = TimeSpan.FromMilliseconds(50) });
        SendResult sent = await Soon.DoneAsync("the send", client.SendAsync(service.Source, new()
        {
            ChunkBytes = FileLayout.MinChunkBytes,
            ChunkSent = _ =>
            {
                // The chunks before this one arrive, and are seen, while this one waits; twice, so that it isn't only the first report.
                if (Interlocked.Increment(ref number) is not (40 or 80)) return;
                long before = Interlocked.Read(ref seen);
                Assert.True(SpinWait.SpinUntil(() => Bytes() > before, TimeSpan.FromSeconds(30)), "Waited 30 s for the path to be seen carrying more.");
                Interlocked.Exchange(ref seen, Bytes());
            },
        }));

        PathState path = Find()!;
        PathSummary summary = Assert.Single(sent.Paths);
        Assert.Equal((summary.Bytes, summary.Chunks, summary.Connections), (path.Bytes, path.Chunks, path.Connections));
        Assert.Equal(0, path.ReceivedBytes);
        Assert.True(seen > 0 && seen < path.Bytes, $"{seen} of {path.Bytes} bytes were seen on the way.");
        Assert.True(path.RoundTripMs > 0, "No round trip was measured.");

        long Bytes() => Find()?.Bytes ?? 0;

        PathState? Find() => service.Gateway.Control.ListPathsAsync(default).Result.SingleOrDefault(one => one.Key.StartsWith(Local, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_received_is_counted_as_received()
    {
        service.Renew();
        ChunkStreamClient client = service.Client(service.Gateway.Control, TransportChoice.Tls, new FakeAddresses("127.0.0.22"));
        SendResult sent = await Soon.DoneAsync("the send", client.SendAsync(service.Source));
        string target = service.Source + ".back";
        ReceiveResult received = await Soon.DoneAsync("the receive", client.ReceiveAsync(sent.FileId, target, new() { Overwrite = true }));
        PathState path = (await service.Gateway.Control.ListPathsAsync(default)).Single(one => one.Key.StartsWith("127.0.0.22", StringComparison.Ordinal));
        Assert.Equal(received.Paths.Sum(one => one.Bytes), path.ReceivedBytes);
        Assert.Equal(sent.Paths.Sum(one => one.Bytes), path.Bytes - path.ReceivedBytes);
        Assert.Equal(sent.Paths.Sum(one => one.Connections) + received.Paths.Sum(one => one.Connections), path.Connections);
    }
}
