using System.Diagnostics;
using ChunkStream.Core.Layout;
using ChunkStream.Core.Scheduling;

namespace ChunkStream.Cli.Bench;

/// <summary>Chunks through the queue on one core, all three levels busy: so many are put in and taken out a second.</summary>
internal static class QueueBench
{
    private const int Items = 3_000_000;
    private const int Capacity = 8192;
    private const int Batch = 1000;
    private const int Runs = 7;
    private const double GoalMillions = 5;

    public static IReadOnlyList<BenchRow> Run()
    {
        var queue = new ChunkQueue<ChunkIndex>(Capacity, TimeProvider.System);

        // A standing backlog, so that no level is ever idle.
        for (int i = 0; i < Capacity - Batch; i++) queue.TryEnqueue(new(i, 0), (Priority)(i % 3), 256 * 1024);
        List<double> millions = [];
        for (int run = -1; run < Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int done = 0; done < Items; done += Batch)
            {
                for (int i = 0; i < Batch; i++)
                {
                    if (!queue.TryEnqueue(new(done, i), (Priority)(i % 3), 256 * 1024)) throw new InvalidOperationException("The queue is full.");
                }
                for (int i = 0; i < Batch; i++)
                {
                    if (!queue.TryDequeue(out _)) throw new InvalidOperationException("The queue is empty.");
                }
            }

            // The first run only warms up.
            if (run >= 0) millions.Add(Items / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e6);
        }

        double median = millions.Order().ElementAt(Runs / 2);
        return [new("queue: enqueued and dequeued, each", median, "million/s", Goal: GoalMillions, Met: median >= GoalMillions)];
    }
}
