using System.Diagnostics;
using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Tests.Grains;

namespace ChunkStream.Benchmarks.Grains;

/// <summary>How long create, pause, resume and progress take while 1,000 transfers run: each records a group of 26 chunks every 4 seconds.</summary>
internal static class CommandBench
{
    private const int Transfers = 1000;
    private const int WarmUpCommands = 500;
    private const int Commands = 1000;
    private const double GoalMilliseconds = 5;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(4);

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(BenchSilo silo, string database)
    {
        if (database == "postgresql") PrepareLog(silo);
        List<TransferOpening> running = [];
        for (int i = 0; i < Transfers; i++) running.Add(await silo.CreateAsync(10_000 + i));
        using CancellationTokenSource stopping = new();
        Task[] streams = [.. running.Select((opening, i) => Task.Run(
            () => new CommitStream(silo, opening, stripesAGroup: 2, s_interval).RunAsync(s_interval * i / Transfers, stopping.Token)))];

        Dictionary<string, List<double>> milliseconds = new() { ["create"] = [], ["pause"] = [], ["progress"] = [], ["resume"] = [] };
        // The first seconds go to the compiler: a service that runs for weeks isn't measured by them.
        for (int i = -WarmUpCommands; i < Commands; i++)
        {
            Dictionary<string, List<double>> into = i < 0 ? milliseconds.ToDictionary(pair => pair.Key, _ => new List<double>()) : milliseconds;
            TransferOpening opening = await MeasureAsync(into["create"], () => silo.CreateAsync(20_000 + i));
            ITransferGrain transfer = silo.Transfer(opening);
            await MeasureAsync(into["pause"], () => OkAsync(transfer.PauseAsync(TestFiles.Owner)));
            await MeasureAsync(into["progress"], () => OkAsync(silo.Transfer(running[Math.Abs(i) % Transfers]).GetAsync(TestFiles.Owner)));
            await MeasureAsync(into["resume"], () => OkAsync(transfer.ResumeAsync(TestFiles.Owner)));
            await Task.Delay(s_pause);
        }
        await stopping.CancelAsync();
        await Task.WhenAll(streams);
        return [.. milliseconds.SelectMany(pair => Rows(pair.Key, pair.Value))];

        IEnumerable<BenchRow> Rows(string command, List<double> values)
        {
            double[] sorted = [.. values.Order()];
            double p99 = sorted[(int)(sorted.Length * 0.99)];
            yield return new($"{database}: {command} while 1,000 transfers run, p99", p99, "ms", Goal: GoalMilliseconds, Met: p99 < GoalMilliseconds);
            yield return new($"{database}: {command} while 1,000 transfers run, median", sorted[sorted.Length / 2], "ms");
        }
    }

    // A server that has run for a while uses the files of its log again; a new one fills each with zeros while writers wait.
    private static void PrepareLog(BenchSilo silo)
    {
        for (int file = 0; file < 5; file++)
        {
            silo.Database.Execute("SELECT pg_logical_emit_message(false, 'bench', 'fill')");
            silo.Database.Execute("SELECT pg_switch_wal()");
        }
        silo.Database.Execute("CHECKPOINT");
    }

    private static async Task<T> MeasureAsync<T>(List<double> milliseconds, Func<Task<T>> command)
    {
        long started = Stopwatch.GetTimestamp();
        T result = await command();
        milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        return result;
    }

    private static async Task<T> OkAsync<T>(Task<Outcome<T>> call)
    {
        Outcome<T> outcome = await call;
        return outcome.IsOk ? outcome.Value! : throw new InvalidOperationException(outcome.Failure!.ToString());
    }
}
