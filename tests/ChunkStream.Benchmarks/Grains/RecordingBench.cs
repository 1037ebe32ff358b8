using System.Diagnostics;
using System.Diagnostics.Metrics;
using ChunkStream.Abstractions.Transfers;

namespace ChunkStream.Benchmarks.Grains;

/// <summary>
/// Committed chunks recorded a second through one silo: 16 transfers, each with a group every 100 ms, which is a gateway's default, of about
/// 500 chunks; and how often the database was written for it.
/// </summary>
internal static class RecordingBench
{
    private const int Transfers = 16;
    private const int StripesAGroup = 40;
    private const double GoalChunks = 50_000;
    private const double GoalWrites = 50;
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_run = TimeSpan.FromSeconds(3);

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(BenchSilo silo, string database)
    {
        List<double> rates = [], writes = [], latencies = [], unpaced = [];
        for (int run = 0; run < 3; run++)
        {
            (double rate, double writesEach, double p99) = await RunOnceAsync(silo, run * 100, s_interval);
            rates.Add(rate);
            writes.Add(writesEach);
            latencies.Add(p99);
            unpaced.Add((await RunOnceAsync(silo, (run * 100) + 50, TimeSpan.Zero)).Rate);
        }
        double median = Median(rates), writesMedian = Median(writes);
        return
        [
            new($"{database}: chunks recorded, 16 transfers, a group each 100 ms", median, "chunks/s", Goal: GoalChunks, Met: median >= GoalChunks),
            new($"{database}: session writes of each of them", writesMedian, "writes/s", Goal: GoalWrites, Met: writesMedian < GoalWrites),
            new($"{database}: a group is recorded within, p99", Median(latencies), "ms"),
            new($"{database}: chunks recorded, groups as fast as they are taken", Median(unpaced), "chunks/s"),
        ];
    }

    private static async Task<(double Rate, double WritesEach, double P99)> RunOnceAsync(BenchSilo silo, int number, TimeSpan interval)
    {
        // As large as one of 16 gets at the most in a run.
        TransferOpening[] openings = await Task.WhenAll(Enumerable.Range(0, Transfers).Select(i => silo.CreateAsync(number + i, 1L << 38)));
        CommitStream[] streams = [.. openings.Select(opening => new CommitStream(silo, opening, StripesAGroup, interval))];
        int writes = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, itself) =>
        {
            if (instrument.Name == "chunkstream.state.write.duration") itself.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            if (tags.Length > 0 && tags[0].Value is "session") Interlocked.Increment(ref writes);
        });
        listener.Start();
        using CancellationTokenSource stopping = new(s_run);
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(streams.Select((stream, i) => Task.Run(() => stream.RunAsync(interval * i / Transfers, stopping.Token))));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        double[] latencies = [.. streams.SelectMany(stream => stream.Milliseconds).Order()];
        return (streams.Sum(stream => stream.Chunks) / seconds, writes / seconds / Transfers, latencies[(int)(latencies.Length * 0.99)]);
    }

    private static double Median(List<double> values) => SpeedSamples.Median([.. values]);
}
