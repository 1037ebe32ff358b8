using System.Diagnostics;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Layout;

namespace ChunkStream.Benchmarks.Grains;

/// <summary>
/// One transfer's commits as a gateway makes them: every interval a group of the stripes that came in order, the next not before the one before
/// is recorded.
/// </summary>
internal sealed class CommitStream(BenchSilo silo, TransferOpening opening, int stripesAGroup, TimeSpan interval)
{
    private readonly ISessionGrain _session = silo.Session(opening);
    private int _stripe;

    public long Chunks { get; private set; }

    public List<double> Milliseconds { get; } = [];

    public async Task RunAsync(TimeSpan startAfter, CancellationToken stopping)
    {
        FileLayout layout = opening.Plan.Layout;
        await Task.Delay(startAfter, CancellationToken.None);
        long next = Stopwatch.GetTimestamp();
        while (!stopping.IsCancellationRequested && _stripe < layout.StripeCount)
        {
            int end = Math.Min(_stripe + stripesAGroup, layout.StripeCount);
            ChunkSet group = new(layout.ShardCount);
            for (int shard = 0; shard < layout.ShardCount; shard++)
                if (Math.Min(end, layout.ChunksInShard(shard)) is int last && last > _stripe) group[shard].Add(_stripe, last);
            _stripe = end;
            long started = Stopwatch.GetTimestamp();
            var recorded = await _session.RecordCommittedAsync(group);
            if (!recorded.IsOk) throw new InvalidOperationException(recorded.Failure!.ToString());
            Milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Chunks += group.Count;

            next += (long)(interval.TotalSeconds * Stopwatch.Frequency);
            double left = (double)(next - Stopwatch.GetTimestamp()) / Stopwatch.Frequency;
            if (left > 0) await Task.Delay(TimeSpan.FromSeconds(left), CancellationToken.None);
            else next = Stopwatch.GetTimestamp();
        }
    }
}
