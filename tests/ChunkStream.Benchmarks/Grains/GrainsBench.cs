using ChunkStream.Cluster.PostgreSql;

namespace ChunkStream.Benchmarks.Grains;

/// <summary>The durable half of the service, on each database: a silo in this process, the database durable as in earnest.</summary>
internal static class GrainsBench
{
    private static readonly (string Name, Func<BenchSilo, string, Task<IReadOnlyList<BenchRow>>> RunAsync)[] s_parts =
    [
        ("recording", RecordingBench.RunAsync), ("progress", ProgressBench.RunAsync), ("commands", CommandBench.RunAsync), ("catalogue", CatalogBench.RunAsync),
    ];

    /// <param name="part">The only part to run; null: all.</param>
    /// <returns>Null where there is no such part.</returns>
    public static async Task<IReadOnlyList<BenchRow>?> RunAsync(string? part)
    {
        if (part is not null && s_parts.All(known => known.Name != part)) return null;
        List<BenchRow> rows = part is null ? [.. StateSizeBench.Run()] : [];
        await AddAsync("sqlite", null);
        using PostgreSqlServer server = new();
        await AddAsync("postgresql", server);
        return rows;

        async Task AddAsync(string database, PostgreSqlServer? on)
        {
            foreach (var known in s_parts.Where(known => part is null || known.Name == part))
            {
                // Anew each time, so that nothing of the load before is in these figures.
                await using BenchSilo silo = await BenchSilo.StartAsync(on);
                rows.AddRange(await known.RunAsync(silo, database));
            }
        }
    }
}
