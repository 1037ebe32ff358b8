using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Layout;
using ChunkStream.Core.Scheduling;
using ChunkStream.Protocol.Frames;
using ChunkStream.Sdk.Paths;
using ChunkStream.Sdk.Receiving;
using ChunkStream.Tests.Core.Integrity.Manifests;
using ChunkStream.Tests.Transport;
using ChunkStream.Transport.Bandwidth;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Sdk.Receiving;

public sealed class FetchingLaneTests
{
    private const int MiB = 1024 * 1024;

    /// <summary>A path of 100 Mbit/s and 150 ms holds 1.9 MB: what a few lanes have asked for must outlast it, whatever the chunks' size.</summary>
    [Theory]
    [InlineData(64 * 1024, 64)]
    [InlineData(MiB, 8)]
    public async Task A_lane_over_tls_asks_megabytes_ahead(int chunkBytes, int chunks)
    {
        FileLayout layout = new(32 * MiB, chunkBytes, dataShards: 10, parityShards: 3);
        (byte[] bytes, _) = await Manifest.WriteAsync(layout, Manifest.RandomStripes(layout));
        using var file = new TemporaryFile(bytes);
        Assert.Null(ManifestFile.Open(file.Handle, out ManifestFile? manifest));
        var dispatcher = new ChunkDispatcher<FetchRequest>();
        PathLink link = new("127.0.0.1>127.0.0.1:1/tls", LaneKind.Tls, TimeProvider.System);
        dispatcher.Add(link);
        using StripeFetcher fetcher = new(layout, manifest!, dispatcher, windowMiB: 64, TimeProvider.System);
        using BandwidthFlow bandwidth = new SharedBandwidth(0, sharesUnlimited: false, TimeProvider.System).Open(Priority.Normal);
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Tls);
        await using LanePair pair = await host.ConnectAsync();
        using var stopping = new CancellationTokenSource();

        Task fetching = FetchAsync();
        Task running = new FetchingLane(pair.Client, link, _ => Task.CompletedTask, fetcher, dispatcher, bandwidth, TimeProvider.System).RunAsync(default, stopping.Token);
        for (int asked = 0; asked < chunks; asked++)
        {
            FrameHeader? header = await Soon.DoneAsync($"question {asked} of {chunks}", pair.Server.ReadHeaderAsync(default).AsTask());
            Assert.Equal(FrameType.Fetch, header!.Value.Type);
        }
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon.DoneAsync("the lane", running));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon.DoneAsync("the fetcher", fetching));

        async Task FetchAsync()
        {
            var all = Enumerable.Range(0, layout.StripeCount).Select(stripe => (stripe, ShardSet.FirstShards(layout.DataChunksOf(stripe))));
            await foreach (FetchedStripe stripe in fetcher.FetchAsync(all, stopping.Token)) stripe.Dispose();
        }
    }
}
