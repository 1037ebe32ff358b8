using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Grains.Catalog;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkStream.Benchmarks.Grains;

/// <summary>A page of 100 from 100,000 transfers of one owner, for every combination of filters, the first page and one from the middle.</summary>
internal static class CatalogBench
{
    private const int Transfers = 100_000;
    private const int Batch = 500;
    private const string Owner = "bench";
    private const double GoalMilliseconds = 10;
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(BenchSilo silo, string database)
    {
        Fill(silo, database);
        CatalogStore catalog = silo.Services.GetRequiredService<CatalogStore>();
        List<(double Milliseconds, string Filter)> medians = [];
        foreach (CatalogQuery query in Queries())
            foreach (CatalogCursor? cursor in (CatalogCursor?[])[null, new(Id(Transfers / 2), query.NamePrefix is null ? null : query.NamePrefix + "5")])
                medians.Add((await MedianAsync(catalog, query with { After = cursor }), Describe(query, cursor)));
        medians.Sort();
        (double slowest, string filter) = medians[^1];
        return
        [
            new($"{database}: a page of 100 of 100,000 transfers, slowest of {medians.Count} filters", slowest, "ms", Goal: GoalMilliseconds,
                Met: slowest < GoalMilliseconds, Why: filter),
            new($"{database}: a page of 100 of 100,000 transfers, median of {medians.Count} filters", medians[medians.Count / 2].Milliseconds, "ms"),
        ];
    }

    private static IEnumerable<CatalogQuery> Queries() =>
        from state in (TransferState?[])[null, TransferState.Completed, TransferState.Failed, TransferState.Preparing]
        from direction in (TransferDirection?[])[null, TransferDirection.Receive]
        from priority in (TransferPriority?[])[null, TransferPriority.High]
        from prefix in (string?[])[null, "", "file-", "file-77", "none"]
        from span in (int[])[0, 1]
        select new CatalogQuery
        {
            Owner = Owner,
            State = state,
            Direction = direction,
            Priority = priority,
            NamePrefix = prefix,
            CreatedFrom = span == 0 ? null : s_start.AddSeconds(Transfers / 10),
            CreatedBefore = span == 0 ? null : s_start.AddSeconds(Transfers / 2),
        };

    private static async Task<double> MedianAsync(CatalogStore catalog, CatalogQuery query)
    {
        List<double> milliseconds = [];
        for (int run = -2; run < 5; run++)
        {
            long started = Stopwatch.GetTimestamp();
            await catalog.ListTransfersAsync(query);
            if (run >= 0) milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        return SpeedSamples.Median([.. milliseconds]);
    }

    // Most have ended well, as in a service that has run for long; names are those of numbered files.
    private static void Fill(BenchSilo silo, string database)
    {
        Random random = new(3);
        using DbConnection connection = silo.Database.Open();
        using DbTransaction transaction = connection.BeginTransaction();
        for (int first = 0; first < Transfers; first += Batch)
        {
            StringBuilder sql = new("INSERT INTO transfers (id, revision, owner, session_id, file_id, direction, state, name, size_bytes, chunk_bytes, "
                + "data_shards, parity_shards, priority, created_at, updated_at, committed_chunks, committed_bytes, failure_code, rebuilt_chunks, unsettled) VALUES ");
            for (int i = first; i < first + Batch; i++)
            {
                int state = random.Next(100) switch { 0 => 1, 1 => 2, 2 => 3, 3 => 6, _ => 5 };
                sql.Append(CultureInfo.InvariantCulture,
                    $"{(i == first ? "" : ",")}('{Id(i):N}',1,'{Owner}','{Id(i):N}','{Id(i):N}',{(random.Next(4) == 0 ? 1 : 0)},{state},'file-{random.Next(Transfers)}.bin',")
                    .Append(CultureInfo.InvariantCulture, $"1048576,65536,10,3,{(random.Next(10) == 0 ? 0 : 1)},0,0,0,0,0,0,0)");
            }
            using DbCommand command = connection.CreateCommand();
            command.Transaction = transaction;
#pragma warning disable CA2100 // Numbers and names of its own.
            command.CommandText = sql.ToString();
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
        transaction.Commit();
        // What a database does by itself after a while.
        silo.Database.Execute(database == "postgresql" ? "VACUUM ANALYZE transfers" : "ANALYZE transfers");
    }

    private static Guid Id(int number)
    {
        byte[] bytes = Guid.CreateVersion7(s_start.AddSeconds(number)).ToByteArray(bigEndian: true);
        BitConverter.TryWriteBytes(bytes.AsSpan(12), number);
        return new(bytes, bigEndian: true);
    }

    private static string Describe(CatalogQuery query, CatalogCursor? cursor) =>
        $"{query.State?.ToString() ?? "any"}, {query.Direction?.ToString() ?? "any"}, {query.Priority?.ToString() ?? "any"}, "
        + $"{(query.NamePrefix is null ? "newest first" : $"name '{query.NamePrefix}'")}{(query.CreatedFrom is null ? "" : ", span of time")}{(cursor is null ? "" : ", from the middle")}";
}
