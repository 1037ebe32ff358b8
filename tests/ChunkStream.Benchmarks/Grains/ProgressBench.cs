using System.Diagnostics;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Tests.Grains;

namespace ChunkStream.Benchmarks.Grains;

/// <summary>Progress read a second in the silo: of 64 sessions by 64 readers, and of their transfers, which ask their sessions.</summary>
internal static class ProgressBench
{
    private const int Readers = 64;
    private const double Goal = 100_000;
    private static readonly TimeSpan s_run = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(BenchSilo silo, string database)
    {
        TransferOpening[] openings = await Task.WhenAll(Enumerable.Range(0, Readers).Select(i => silo.CreateAsync(30_000 + i)));
        ISessionGrain[] sessions = [.. openings.Select(silo.Session)];
        ITransferGrain[] transfers = [.. openings.Select(silo.Transfer)];
        List<double> ofSessions = [], ofTransfers = [];
        for (int run = -1; run < 5; run++)
        {
            double session = await RateAsync(reader => sessions[reader].GetAsync()), transfer = await RateAsync(reader => transfers[reader].GetAsync(TestFiles.Owner));
            if (run < 0) continue;
            ofSessions.Add(session);
            ofTransfers.Add(transfer);
        }
        double sessionMedian = SpeedSamples.Median([.. ofSessions]);
        return
        [
            new($"{database}: progress of sessions read", sessionMedian, "reads/s", Goal: Goal, Met: sessionMedian > Goal),
            new($"{database}: progress of transfers read, two grains each", SpeedSamples.Median([.. ofTransfers]), "reads/s"),
        ];
    }

    private static async Task<double> RateAsync(Func<int, Task> read)
    {
        long started = Stopwatch.GetTimestamp();
        long[] counts = await Task.WhenAll(Enumerable.Range(0, Readers).Select(reader => Task.Run(async () =>
        {
            long count = 0;
            for (; Stopwatch.GetElapsedTime(started) < s_run; count++) await read(reader);
            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
