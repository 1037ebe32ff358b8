using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;
using Xunit;

namespace ChunkStream.Tests.Gateway.Ingest;

public sealed class IncomingFileTests
{
    private static readonly ChunkIndex s_chunk = new(0, 0);

    [Fact]
    public async Task A_chunk_that_comes_twice_is_written_and_committed_once()
    {
        await using var bench = new IngestBench();
        await using (new ToldLane(bench))
        {
            for (int i = 0; i < 3; i++)
            {
                await bench.AcceptAsync(s_chunk);
                await CommittedAsync(bench);
            }
        }
        Assert.Equal(["written (0, 0)", "flushing", "flushed", "recorded (0, 0)", "told (0, 0)"], bench.Events);
    }

    [Fact]
    public async Task A_chunk_that_comes_on_two_lanes_at_once_is_written_once()
    {
        await using var bench = new IngestBench();
        var held = new TaskCompletionSource();
        bench.Files.OnWrite = (_, _) => held.Task;
        Task first = bench.AcceptAsync(s_chunk), second = bench.AcceptAsync(s_chunk);
        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);
        held.SetResult();
        await Soon.DoneAsync("both lanes", Task.WhenAll(first, second));
        await CommittedAsync(bench);
        Assert.Single(bench.Events, "written (0, 0)");
    }

    [Fact]
    public async Task A_lane_that_goes_while_it_writes_leaves_the_chunk_to_the_lane_that_waits_for_it()
    {
        await using var bench = new IngestBench();
        bench.Files.OnWrite = (_, token) => Task.Delay(Timeout.Infinite, token);
        using var gone = new CancellationTokenSource();
        Task first = bench.AcceptAsync(s_chunk, gone.Token), second = bench.AcceptAsync(s_chunk);
        bench.Files.Heal();
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon.DoneAsync("the lane that has gone", first));
        await Soon.DoneAsync("the lane that waited", second);
        await CommittedAsync(bench);
        Assert.Null(bench.File.ClosedBecause);
        Assert.Contains("recorded (0, 0)", bench.Events);
    }

    [Fact]
    public async Task A_write_that_fails_ends_this_life_for_the_lane_that_waits_for_it_too()
    {
        await using var bench = new IngestBench();
        var held = new TaskCompletionSource();
        bench.Files.OnWrite = (_, _) => held.Task;
        Task first = bench.AcceptAsync(s_chunk), second = bench.AcceptAsync(s_chunk);
        held.SetException(new StoreException(FailureCode.StoreFull, "The disk was told to be full."));

        StoreException exception = await Assert.ThrowsAsync<StoreException>(() => Soon.DoneAsync("the lane that wrote", first));
        Assert.Equal(FailureCode.StoreFull, exception.Code);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon.DoneAsync("the lane that waited", second));
        // Known by the time that the other lane wakes up: it says why it ends.
        Assert.Equal(FailureCode.StoreFull, bench.File.ClosedBecause?.Code);
    }

    [Fact]
    public async Task The_first_reason_to_end_stands()
    {
        await using var bench = new IngestBench();
        bench.File.Close(new(FailureCode.Paused, "Paused."));
        bench.File.Close(new(FailureCode.Cancelled, "Cancelled."));
        Assert.Equal(FailureCode.Paused, bench.File.ClosedBecause?.Code);
        await Soon.TrueAsync("the lanes to be told", () => bench.File.Closed.IsCancellationRequested);
    }

    [Fact]
    public async Task Four_groups_may_be_unflushed_and_no_more()
    {
        await using var bench = new IngestBench(commitInterval: TimeSpan.FromMinutes(10), commitMiB: 1);
        var held = new TaskCompletionSource();
        bench.Files.OnFlush = () => held.Task;
        ChunkIndex[] chunks = Core.Layout.Layouts.ChunksOf(IngestBench.Layout);
        // 4 MiB and the chunk that goes beyond them.
        const int room = 4 * 16 + 1;
        foreach (ChunkIndex index in chunks.Take(room)) await Soon.DoneAsync($"{index} to be accepted", bench.AcceptAsync(index));
        Task[] waiting = [.. chunks.Skip(room).Take(100).Select(index => bench.AcceptAsync(index))];
        Assert.All(waiting, task => Assert.False(task.IsCompleted));

        held.SetResult();
        await Soon.DoneAsync("room after the flush", Task.WhenAll(waiting));
    }

    [Fact]
    public async Task Bytes_that_are_waited_for_are_counted_right_with_many_at_once()
    {
        await using var bench = new IngestBench(commitInterval: TimeSpan.Zero, commitMiB: 1);
        await Soon.DoneAsync("all chunks to be accepted", Parallel.ForEachAsync(
            Core.Layout.Layouts.ChunksOf(IngestBench.Layout),
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (index, token) =>
            {
                await Task.Yield();
                await bench.AcceptAsync(index, token);
            }));
        await CommittedAsync(bench);
        // Nothing is left over, so that there is nothing to wait for.
        Assert.True(bench.File.CommitAsync(default).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_sender_that_has_nothing_more_doesnt_wait_for_the_interval()
    {
        await using var bench = new IngestBench(commitInterval: TimeSpan.FromMinutes(10));
        await bench.AcceptAsync(s_chunk);
        bench.File.CommitSoon();
        await Soon.TrueAsync("the commit", () => bench.Events.Contains("recorded (0, 0)"));
    }

    [Fact]
    public async Task Letting_go_doesnt_wait_for_the_interval()
    {
        await using var bench = new IngestBench(commitInterval: TimeSpan.FromMinutes(10));
        await bench.AcceptAsync(s_chunk);
        await Soon.DoneAsync("the file to be let go", bench.File.DisposeAsync().AsTask());
        Assert.Equal(FailureCode.ShuttingDown, bench.File.ClosedBecause?.Code);
        Assert.DoesNotContain("flushed", bench.Events);
    }

    [Fact]
    public async Task Who_waits_for_a_commit_that_fails_is_told()
    {
        await using var bench = new IngestBench(commitInterval: TimeSpan.FromMinutes(10));
        var held = new TaskCompletionSource();
        bench.Files.OnFlush = () => held.Task;
        await bench.AcceptAsync(s_chunk);
        Task committing = bench.File.CommitAsync(default);
        await Soon.TrueAsync("the flush to begin", () => bench.Events.Contains("flushing"));
        held.SetException(new StoreException(FailureCode.StoreFailed, "The disk was told to fail."));
        await Assert.ThrowsAsync<StoreException>(() => Soon.DoneAsync("the commit to fail", committing));
    }

    private static Task CommittedAsync(IngestBench bench) => Soon.DoneAsync("what was accepted to be committed", bench.File.CommitAsync(default));
}
