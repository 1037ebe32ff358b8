using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using CsCheck;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.Sessions;

[Collection(SharedSiloTests.Name)]
public sealed class SessionGrainTests(SharedSilo shared)
{
    private readonly TestSilo _silo = shared.Silo;

    [Fact]
    public async Task Chunks_are_recorded_once_whatever_comes_twice()
    {
        ISessionGrain session = await OpenAsync();
        Assert.Equal(SessionStatus.Initializing, (await session.GetAsync()).Ok().Status);
        (await session.RecordCommittedAsync(Chunks((0, 0), (0, 1)))).Ok();
        (await session.RecordCommittedAsync(Chunks((0, 1), (1, 0), (1, 5)))).Ok();

        SessionInfo info = (await session.GetAsync()).Ok();
        Assert.Equal(4, info.Committed.Count);
        Assert.True(info.Committed.Contains(new(1, 5)));
        Assert.False(info.Committed.Contains(new(0, 5)));
        Assert.True(info.IsResumable);
    }

    [Fact]
    public async Task A_batch_that_has_nothing_new_costs_no_write()
    {
        ISessionGrain session = await OpenAsync();
        (await session.RecordCommittedAsync(DataChunks())).Ok();
        int writes = _silo.Storage.WritesOf("session");
        (await session.RecordCommittedAsync(DataChunks())).Ok();
        (await session.RecordCommittedAsync(Chunks())).Ok();
        Assert.Equal(writes, _silo.Storage.WritesOf("session"));
    }

    [Fact]
    public async Task Opening_again_changes_nothing_and_with_another_layout_is_refused()
    {
        Guid id = Guid.CreateVersion7(), transferId = Guid.CreateVersion7();
        ISessionGrain session = _silo.Session(id);
        SessionInfo first = (await session.OpenAsync(transferId, Layout)).Ok();
        Assert.Equal(first.CreatedAt, (await session.OpenAsync(transferId, Layout)).Ok().CreatedAt);
        (await session.OpenAsync(transferId, new FileLayout(1, ChunkBytes, 4, 2))).Refused(FailureCode.Conflict);
        (await session.OpenAsync(Guid.NewGuid(), Layout)).Refused(FailureCode.Conflict);
    }

    [Fact]
    public async Task Chunks_outside_of_the_layout_are_refused()
    {
        ISessionGrain session = await OpenAsync();
        // The second stripe has one data chunk: (1, 1) doesn't exist.
        (await session.RecordCommittedAsync(Chunks((1, 1)))).Refused(FailureCode.ChunkOutsideLayout);
        Failure refusal = (await session.RecordCommittedAsync(Chunks((2, 5)))).Refused(FailureCode.ChunkOutsideLayout);
        Assert.Contains("stripe 2 of shard 5", refusal.Message, StringComparison.Ordinal);
        (await session.RecordCommittedAsync(new ChunkSet(13))).Refused(FailureCode.ChunkOutsideLayout);
        (await session.RecordFailedAsync(Chunks((1, 1)))).Refused(FailureCode.ChunkOutsideLayout);
        Assert.Equal(0, (await session.GetAsync()).Ok().Committed.Count);
    }

    [Fact]
    public async Task What_was_given_up_on_is_kept_apart()
    {
        ISessionGrain session = await OpenAsync();
        (await session.RecordFailedAsync(Chunks((0, 3)))).Ok();
        (await session.RecordFailedAsync(Chunks((0, 4)))).Ok();
        SessionInfo info = (await session.GetAsync()).Ok();
        Assert.Equal((0, 2), (info.Committed.Count, info.Failed.Count));
    }

    [Fact]
    public async Task The_answer_tells_a_gateway_that_the_transfer_is_paused_or_has_ended()
    {
        ISessionGrain session = await OpenAsync();
        (await session.SetStatusAsync(SessionStatus.Active)).Ok();
        Assert.Equal(SessionStatus.Active, (await session.RecordCommittedAsync(Chunks((0, 0)))).Ok());
        (await session.SetStatusAsync(SessionStatus.Paused)).Ok();
        Assert.Equal(SessionStatus.Paused, (await session.RecordCommittedAsync(Chunks((0, 1)))).Ok());
        (await session.SetStatusAsync(SessionStatus.Failed)).Ok();
        Assert.Equal(SessionStatus.Failed, (await session.RecordCommittedAsync(Chunks((0, 2)))).Ok());

        SessionInfo info = (await session.GetAsync()).Ok();
        // Bytes that were under way when it was paused count; those after its end don't.
        Assert.Equal(2, info.Committed.Count);
        Assert.False(info.IsResumable);
        Assert.NotNull(info.NotResumableBecause);
        (await session.SetStatusAsync(SessionStatus.Active)).Refused(FailureCode.InvalidTransition);
    }

    [Fact]
    public async Task Batches_that_come_while_a_write_is_under_way_share_the_next()
    {
        const int Batches = 200;
        FileLayout layout = new(Batches * 4L * ChunkBytes, ChunkBytes, 4, 2);
        ISessionGrain session = _silo.Session(Guid.CreateVersion7());
        (await session.OpenAsync(Guid.CreateVersion7(), layout)).Ok();

        TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int writes = _silo.Storage.WritesOf("session");
        _silo.Storage.Holds = state =>
        {
            reached.TrySetResult();
            return state == "session" ? held.Task : Task.CompletedTask;
        };
        try
        {
            Task first = RecordAsync(0);
            await Eventually.DoneAsync("the first write", reached.Task);
            Task[] others = [.. Enumerable.Range(1, Batches - 1).Select(RecordAsync)];
            // A call that the grain has answered proves that it has seen those before it.
            Assert.Equal(0, (await session.GetAsync()).Ok().Committed.Count);
            Assert.DoesNotContain(others, other => other.IsCompleted);
            held.SetResult();
            await Eventually.DoneAsync("all batches", Task.WhenAll([first, .. others]));
        }
        finally
        {
            _silo.Storage.Heal();
            held.TrySetResult();
        }
        Assert.Equal(writes + 2, _silo.Storage.WritesOf("session"));
        Assert.Equal(Batches * 4, (await session.GetAsync()).Ok().Committed.Count);

        async Task RecordAsync(int stripe)
        {
            ChunkSet chunks = new(layout.ShardCount);
            for (int shard = 0; shard < 4; shard++) chunks.Add(new ChunkIndex(stripe, shard));
            (await session.RecordCommittedAsync(chunks)).Ok();
        }
    }

    [Fact]
    public async Task Random_batches_at_the_same_time_add_up_to_their_union()
    {
        FileLayout layout = new(50L * 4 * ChunkBytes, ChunkBytes, 4, 2);
        Gen<List<(int Stripe, int Shard)>> batch = Gen.Select(Gen.Int[0, 49], Gen.Int[0, 5]).List[0, 40];
        await batch.List[1, 30].SampleAsync(async batches =>
        {
            ISessionGrain session = _silo.Session(Guid.CreateVersion7());
            (await session.OpenAsync(Guid.CreateVersion7(), layout)).Ok();
            await Task.WhenAll(batches.Select(async chunks => (await session.RecordCommittedAsync(ToSet(chunks))).Ok()));
            Assert.Equal(ToSet([.. batches.SelectMany(chunks => chunks)]).ToBytes(), (await session.GetAsync()).Ok().Committed.ToBytes());
        }, iter: 30, threads: 1);

        ChunkSet ToSet(List<(int Stripe, int Shard)> chunks)
        {
            ChunkSet set = new(layout.ShardCount);
            foreach ((int stripe, int shard) in chunks) set.Add(new ChunkIndex(stripe, shard));
            return set;
        }
    }

    [Fact]
    public async Task A_transfer_shows_what_its_session_has_committed()
    {
        TransferOpening opening = await _silo.CreateSentAsync();
        TransferInfo info = await _silo.GetAsync(opening);
        Assert.Equal((5, SizeBytes), (info.CommittedChunks, info.CommittedBytes));
    }

    private async Task<ISessionGrain> OpenAsync()
    {
        ISessionGrain session = _silo.Session(Guid.CreateVersion7());
        (await session.OpenAsync(Guid.CreateVersion7(), Layout)).Ok();
        return session;
    }
}
