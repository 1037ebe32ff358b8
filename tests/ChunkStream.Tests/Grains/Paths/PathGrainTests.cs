using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Paths;
using Xunit;

namespace ChunkStream.Tests.Grains.Paths;

public sealed class PathGrainTests
{
    private const string Key = "192.0.2.1>198.51.100.7:7071/quic";
    private static readonly PathSample Good = new(TimeSpan.FromMilliseconds(20), 1e8, 0, 1 << 20, 16, 0);

    [Fact]
    public async Task Samples_are_written_on_a_change_of_status_and_at_most_every_half_minute()
    {
        ManualTime time = new();
        await using TestSilo silo = await TestSilo.StartAsync(time: time);
        IPathGrain path = silo.Grains.GetGrain<IPathGrain>("alice|" + Key);
        Assert.Null(await path.GetAsync());

        PathInfo info = await path.ReportAsync(Good);
        Assert.Equal((Key, PathStatus.Active, Good.RoundTrip!.Value), (info.Key, info.Status, info.RoundTrip));
        int writes = silo.Storage.WritesOf("path");
        for (int i = 0; i < 50; i++) await path.ReportAsync(Good);
        Assert.Equal(writes, silo.Storage.WritesOf("path"));

        await path.ReportAsync(Good with { LossRate = 0.5 });
        Assert.Equal(writes + 1, silo.Storage.WritesOf("path"));
        PathInfo listed = Assert.Single(await silo.Catalog.ListPathsAsync("alice"));
        Assert.Equal((Key, PathStatus.Degraded, 52 * 16), (listed.Key, listed.Status, listed.Chunks));

        time.Advance(TimeSpan.FromSeconds(31));
        await path.ReportAsync(Good);
        await path.ReportAsync(Good);
        Assert.Equal(writes + 2, silo.Storage.WritesOf("path"));
        Assert.Empty(await silo.Catalog.ListPathsAsync("bob"));
    }

    [Fact]
    public async Task Paths_in_use_are_listed_as_they_are_now_and_others_as_they_were_written()
    {
        ManualTime time = new();
        await using TestSilo silo = await TestSilo.StartAsync(time: time);
        IPathGrain path = silo.Grains.GetGrain<IPathGrain>("alice|" + Key);
        PathSample sample = Good with { ReceivedBytes = 1 << 10, ReceivedChunks = 1, ResentChunks = 2, HedgedChunks = 3, CancelledChunks = 4, Connections = 5, LossRate = null };
        await path.ReportAsync(sample);
        int writes = silo.Storage.WritesOf("path");
        await path.ReportAsync(sample);
        Assert.Equal(writes, silo.Storage.WritesOf("path"));
        PathInfo live = Assert.Single(await ListAsync());
        Assert.Equal(
            (32L, 2L << 10, 2L, 4L, 6L, 8L, 10L, null),
            (live.Chunks, live.ReceivedBytes, live.ReceivedChunks, live.ResentChunks, live.HedgedChunks, live.CancelledChunks, live.Connections, live.LossRate));

        time.Advance(TimeSpan.FromMinutes(5));
        PathInfo written = Assert.Single(await ListAsync());
        Assert.Equal((16L, 1L << 10, 5L), (written.Chunks, written.ReceivedBytes, written.Connections));

        Task<IReadOnlyList<PathInfo>> ListAsync() => silo.Grains.GetGrain<ICatalogGrain>(0).ListPathsAsync("alice");
    }

    [Fact]
    public async Task What_was_measured_last_is_written_when_the_silo_stops()
    {
        string folder = Directory.CreateTempSubdirectory("chunkstream-path-").FullName;
        await using (TestSilo silo = await TestSilo.StartAsync(folder))
        {
            IPathGrain path = silo.Grains.GetGrain<IPathGrain>("alice|" + Key);
            for (int i = 0; i < 3; i++) await path.ReportAsync(Good);
        }
        await using (TestSilo silo = await TestSilo.StartAsync(folder))
        {
            PathInfo? info = await silo.Grains.GetGrain<IPathGrain>("alice|" + Key).GetAsync();
            Assert.Equal(3 * 16, info!.Chunks);
        }
        Directory.Delete(folder, recursive: true);
    }
}
