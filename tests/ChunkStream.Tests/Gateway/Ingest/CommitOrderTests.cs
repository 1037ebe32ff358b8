using System.Text.RegularExpressions;
using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Core.Failures;
using ChunkStream.Storage;
using Xunit;

namespace ChunkStream.Tests.Gateway.Ingest;

/// <summary>Written, flushed, recorded, told: in this order, whatever else goes on.</summary>
public sealed partial class CommitOrderTests
{
    [Fact]
    public async Task A_chunk_is_written_flushed_recorded_and_told_in_this_order()
    {
        await using var bench = new IngestBench();
        await using (new ToldLane(bench))
        {
            await bench.AcceptAsync(new(3, 1));
            await CommittedAsync(bench);
        }
        Assert.Equal(["written (3, 1)", "flushing", "flushed", "recorded (3, 1)", "told (3, 1)"], bench.Events);
    }

    [Fact]
    public async Task What_is_written_during_a_flush_waits_for_the_next()
    {
        await using var bench = new IngestBench();
        var held = new TaskCompletionSource();
        bench.Files.OnFlush = () => held.Task;
        await using (new ToldLane(bench))
        {
            await bench.AcceptAsync(new(0, 0));
            await Soon.TrueAsync("the flush to begin", () => bench.Events.Contains("flushing"));
            await bench.AcceptAsync(new(0, 1));
            bench.Files.OnFlush = () => Task.CompletedTask;
            held.SetResult();
            await CommittedAsync(bench);
        }
        Assert.Equal(
            [
                "written (0, 0)", "flushing", "written (0, 1)", "flushed", "recorded (0, 0)", "told (0, 0)",
                "flushing", "flushed", "recorded (0, 1)", "told (0, 1)",
            ],
            // Told by another task than records: it may come a moment later.
            WithTellingRightAfterRecording(bench.Events));
    }

    [Fact]
    public async Task The_order_holds_for_chunks_of_many_lanes_at_once()
    {
        await using var bench = new IngestBench(commitInterval: TimeSpan.Zero);
        await using (new ToldLane(bench))
        await using (new ToldLane(bench))
        {
            await Soon.DoneAsync("all chunks to be accepted", Parallel.ForEachAsync(
                Core.Layout.Layouts.ChunksOf(IngestBench.Layout),
                new ParallelOptions { MaxDegreeOfParallelism = 8 },
                async (index, token) => await bench.AcceptAsync(index, token)));
            await CommittedAsync(bench);
        }

        var written = new HashSet<string>();
        HashSet<string> flushing = [], flushed = [];
        var recorded = new HashSet<string>();
        var told = new Dictionary<string, int>();
        foreach (string entry in bench.Events)
        {
            string[] chunks = [.. Index().Matches(entry).Select(match => match.Value)];
            if (entry.StartsWith("written", StringComparison.Ordinal)) written.UnionWith(chunks);
            else if (entry == "flushing") flushing = [.. written];
            else if (entry == "flushed") flushed = flushing;
            else if (entry.StartsWith("recorded", StringComparison.Ordinal))
            {
                Assert.Subset(flushed, chunks.ToHashSet());
                recorded.UnionWith(chunks);
            }
            else
            {
                Assert.Subset(recorded, chunks.ToHashSet());
                foreach (string chunk in chunks) told[chunk] = told.GetValueOrDefault(chunk) + 1;
            }
        }
        Assert.Equal(IngestBench.Layout.ChunkCount, told.Count);
        Assert.All(told, chunk => Assert.Equal(2, chunk.Value));
    }

    [Fact]
    public async Task A_flush_that_fails_records_and_tells_nothing_and_ends_this_life()
    {
        await using var bench = new IngestBench();
        bench.Files.OnFlush = () => throw new StoreException(FailureCode.StoreFailed, "The disk was told to fail.");
        await using (new ToldLane(bench))
        {
            await bench.AcceptAsync(new(0, 0));
            await Soon.TrueAsync("the file to be closed", () => bench.File.Closed.IsCancellationRequested);
        }
        Assert.Equal(FailureCode.StoreFailed, bench.File.ClosedBecause?.Code);
        Assert.Equal(["written (0, 0)", "flushing"], bench.Events);
    }

    [Fact]
    public async Task A_record_that_fails_tells_nothing_and_ends_this_life()
    {
        await using var bench = new IngestBench();
        bench.Session.OnRecord = () => Task.FromResult<Outcome<SessionStatus>>(new Failure(FailureCode.StoreFailed, "The database was told to fail."));
        await using (new ToldLane(bench))
        {
            await bench.AcceptAsync(new(0, 0));
            await Soon.TrueAsync("the file to be closed", () => bench.File.Closed.IsCancellationRequested);
        }
        Assert.Equal(FailureCode.StoreFailed, bench.File.ClosedBecause?.Code);
        Assert.Equal(["written (0, 0)", "flushing", "flushed"], bench.Events);
    }

    [Fact]
    public async Task A_record_that_throws_tells_nothing_and_ends_this_life()
    {
        await using var bench = new IngestBench();
        bench.Session.OnRecord = () => throw new TimeoutException("The silo was told to be away.");
        await using (new ToldLane(bench))
        {
            await bench.AcceptAsync(new(0, 0));
            await Soon.TrueAsync("the file to be closed", () => bench.File.Closed.IsCancellationRequested);
        }
        Assert.Equal(FailureCode.Internal, bench.File.ClosedBecause?.Code);
        Assert.DoesNotContain(bench.Events, entry => entry.StartsWith("told", StringComparison.Ordinal));
    }

    [Theory, InlineData(SessionStatus.Failed), InlineData(SessionStatus.Completed)]
    public async Task A_session_that_has_ended_records_nothing_and_so_nothing_is_told(SessionStatus status)
    {
        await using var bench = new IngestBench();
        bench.Session.OnRecord = () => Task.FromResult<Outcome<SessionStatus>>(status);
        await using (new ToldLane(bench))
        {
            await bench.AcceptAsync(new(0, 0));
            await Soon.TrueAsync("the file to be closed", () => bench.File.Closed.IsCancellationRequested);
        }
        Assert.Equal(FailureCode.TransferNotOpen, bench.File.ClosedBecause?.Code);
        Assert.Equal(["written (0, 0)", "flushing", "flushed"], bench.Events);
    }

    [Fact]
    public async Task A_paused_session_records_what_was_under_way_which_is_told_before_the_lanes_close()
    {
        await using var bench = new IngestBench();
        bench.Session.OnRecord = () => Task.FromResult<Outcome<SessionStatus>>(SessionStatus.Paused);
        await using (new ToldLane(bench))
        {
            await bench.AcceptAsync(new(0, 0));
            await Soon.TrueAsync("the file to be closed", () => bench.File.Closed.IsCancellationRequested);
        }
        Assert.Equal(FailureCode.Paused, bench.File.ClosedBecause?.Code);
        Assert.Equal(["written (0, 0)", "flushing", "flushed", "recorded (0, 0)", "told (0, 0)"], bench.Events);
    }

    private static Task CommittedAsync(IngestBench bench) => Soon.DoneAsync("what was accepted to be committed", bench.File.CommitAsync(default));

    private static List<string> WithTellingRightAfterRecording(IEnumerable<string> events)
    {
        var sorted = new List<string>();
        foreach (string entry in events)
        {
            int at = entry.StartsWith("told", StringComparison.Ordinal)
                ? sorted.IndexOf("recorded" + entry["told".Length..]) + 1
                : sorted.Count;
            Assert.True(at > 0 || sorted.Count == 0, $"'{entry}' came before it was recorded.");
            sorted.Insert(at, entry);
        }
        return sorted;
    }

    [GeneratedRegex(@"\(\d+, \d+\)")]
    private static partial Regex Index();
}
