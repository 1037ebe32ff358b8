using ChunkStream.Cluster.PostgreSql;

namespace ChunkStream.Benchmarks.Grains;

/// <summary>The durable half of the service, on each database: a silo in this process, the database durable as in earnest.</summary>
internal static class GrainsBench
{
    public static async Task<IReadOnlyList<BenchRow>> RunAsync()
    {
        List<BenchRow> rows = [.. StateSizeBench.Run()];
        rows.AddRange(await RunAsync("sqlite", null));
        using PostgreSqlServer server = new();
        rows.AddRange(await RunAsync("postgresql", server));
        return rows;
    }

    private static async Task<IReadOnlyList<BenchRow>> RunAsync(string database, PostgreSqlServer? server)
    {
        List<BenchRow> rows = [];
        await using (BenchSilo silo = await BenchSilo.StartAsync(server))
        {
            rows.AddRange(await RecordingBench.RunAsync(silo, database));
            rows.AddRange(await ProgressBench.RunAsync(silo, database));
        }
        // Anew, so that nothing of the load before is in these figures.
        await using (BenchSilo silo = await BenchSilo.StartAsync(server)) rows.AddRange(await CommandBench.RunAsync(silo, database));
        await using (BenchSilo silo = await BenchSilo.StartAsync(server)) rows.AddRange(await CatalogBench.RunAsync(silo, database));
        return rows;
    }
}
