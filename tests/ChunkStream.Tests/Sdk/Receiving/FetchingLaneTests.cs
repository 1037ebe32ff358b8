using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Layout;
using ChunkStream.Core.Scheduling;
using ChunkStream.Protocol.Frames;
using ChunkStream.Sdk.Paths;
using ChunkStream.Sdk.Receiving;
using ChunkStream.Tests.Core.Integrity.Manifests;
using ChunkStream.Tests.Transport;
using ChunkStream.Transport.Bandwidth;
using ChunkStream.Transport.Buffers;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Sdk.Receiving;

public sealed class FetchingLaneTests : IDisposable
{
    private const int MiB = 1024 * 1024;

    private TemporaryFile? _file;

    public void Dispose() => _file?.Dispose();

    /// <summary>A path of 100 Mbit/s and 150 ms holds 1.9 MB: what a few lanes have asked for must outlast it, whatever the chunks' size.</summary>
    [Theory]
    [InlineData(64 * 1024, 64)]
    [InlineData(MiB, 8)]
    public async Task A_lane_over_tls_asks_megabytes_ahead(int chunkBytes, int chunks)
    {
        FileLayout layout = new(32 * MiB, chunkBytes, dataShards: 10, parityShards: 3);
        var dispatcher = new ChunkDispatcher<FetchRequest>();
        PathLink link = new("127.0.0.1>127.0.0.1:1/tls", LaneKind.Tls, TimeProvider.System);
        dispatcher.Add(link);
        using StripeFetcher fetcher = await FetcherAsync(layout, Manifest.RandomStripes(layout), dispatcher);
        using BandwidthFlow bandwidth = new SharedBandwidth(0, sharesUnlimited: false, TimeProvider.System).Open(Priority.Normal);
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Tls);
        await using LanePair pair = await host.ConnectAsync();
        using var stopping = new CancellationTokenSource();

        Task fetching = FetchAsync(fetcher, layout, [], stopping.Token);
        Task running = new FetchingLane(pair.Client, link, _ => Task.CompletedTask, fetcher, dispatcher, bandwidth, TimeProvider.System).RunAsync(default, stopping.Token);
        for (int asked = 0; asked < chunks; asked++)
        {
            FrameHeader? header = await Soon.DoneAsync($"question {asked} of {chunks}", pair.Server.ReadHeaderAsync(default).AsTask());
            Assert.Equal(FrameType.Fetch, header!.Value.Type);
        }
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon.DoneAsync("the lane", running));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon.DoneAsync("the fetcher", fetching));
    }

    /// <summary>A chunk that was asked for because another was late is needed no more once that has come: it isn't asked for again.</summary>
    [Fact]
    public async Task What_was_asked_in_place_of_a_late_chunk_is_cancelled_when_that_comes()
    {
        FileLayout layout = new(4 * FileLayout.MinChunkBytes, FileLayout.MinChunkBytes, dataShards: 2, parityShards: 1);
        byte[] zeros = new byte[FileLayout.MinChunkBytes];
        Digest[][] hashes = [.. Enumerable.Range(0, 2).Select(stripe => Enumerable.Range(0, 3).Select(shard => ChunkHash.Of(layout, new(stripe, shard), zeros)).ToArray())];
        var dispatcher = new ChunkDispatcher<FetchRequest>();
        PathLink other = new("127.0.0.1>127.0.0.1:1/tls", LaneKind.Tls, TimeProvider.System);
        PathLink link = new("127.0.0.1>127.0.0.1:2/tls", LaneKind.Tls, TimeProvider.System);
        dispatcher.Add(other);
        using StripeFetcher fetcher = await FetcherAsync(layout, hashes, dispatcher);
        using BandwidthFlow bandwidth = new SharedBandwidth(0, sharesUnlimited: false, TimeProvider.System).Open(Priority.Normal);
        await using LaneHost host = await LaneHost.StartAsync(LaneKind.Tls);
        await using LanePair pair = await host.ConnectAsync();
        using var stopping = new CancellationTokenSource();
        List<int> fetched = [];

        // The other path takes all four, and delivers all but the first.
        Task fetching = FetchAsync(fetcher, layout, fetched, default);
        List<FetchRequest> taken = [];
        while (taken.Count < 4) taken.Add(await Soon.DoneAsync("a request", dispatcher.TakeAsync(other, default).AsTask()));
        foreach (FetchRequest request in taken[1..]) await ArriveAsync(request);
        dispatcher.Add(link);
        dispatcher.Remove(other);
        Task running = new FetchingLane(pair.Client, link, _ => Task.CompletedTask, fetcher, dispatcher, bandwidth, TimeProvider.System).RunAsync(default, stopping.Token);
        FrameHeader? asked = await Soon.DoneAsync("the question in place of the late one", pair.Server.ReadHeaderAsync(default).AsTask());
        Assert.Equal((FrameType.Fetch, new ChunkIndex(0, 2)), (asked!.Value.Type, asked.Value.Index));
        await ArriveAsync(taken[0]);
        await Soon.DoneAsync("the fetcher", fetching);
        Assert.Equal([0, 1], fetched);

        // In line still when its stripe was there: not asked for. On its way when the call ends: not asked for again.
        dispatcher.Put(new(new(1, 2), hashes[1][2], IsHedge: true), FileLayout.MinChunkBytes, urgent: true);
        await Soon.TrueAsync("the one in line is cancelled", () => link.Vitals.CancelledChunks == 1);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon.DoneAsync("the lane", running));
        Assert.Equal((2, 0, 0, 0L), (link.Vitals.CancelledChunks, link.Vitals.ResentChunks, dispatcher.WaitingCount, link.InFlightBytes));

        async Task ArriveAsync(FetchRequest request)
        {
            ChunkBuffer chunk = await fetcher.RentAsync(request.Index, default);
            chunk.Payload.Span.Clear();
            fetcher.Arrived(chunk, request);
        }
    }

    private async Task<StripeFetcher> FetcherAsync(FileLayout layout, Digest[][] hashes, ChunkDispatcher<FetchRequest> dispatcher)
    {
        (byte[] bytes, _) = await Manifest.WriteAsync(layout, hashes);
        _file = new TemporaryFile(bytes);
        Assert.Null(ManifestFile.Open(_file.Handle, out ManifestFile? manifest));
        return new(layout, manifest!, dispatcher, windowMiB: 64, TimeProvider.System);
    }

    private static async Task FetchAsync(StripeFetcher fetcher, FileLayout layout, List<int> fetched, CancellationToken cancellationToken)
    {
        var all = Enumerable.Range(0, layout.StripeCount).Select(stripe => (stripe, ShardSet.FirstShards(layout.DataChunksOf(stripe))));
        await foreach (FetchedStripe stripe in fetcher.FetchAsync(all, cancellationToken))
        {
            fetched.Add(stripe.Stripe);
            stripe.Dispose();
        }
    }
}
