using ChunkStream.Abstractions.Paths;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.State;

/// <summary>Storage that fails: nothing is told that isn't stored, and what is stored is found.</summary>
public sealed class DurableStateFaultTests : IAsyncLifetime
{
    private TestSilo _silo = null!;

    public async Task InitializeAsync() => _silo = await TestSilo.StartAsync();

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task A_command_whose_write_fails_leaves_the_old_state()
    {
        TransferOpening opening = await _silo.CreateAsync();
        ITransferGrain transfer = _silo.Transfer(opening.Transfer.Id);
        _silo.Storage.FailsBefore = state => state == "transfer";
        (await transfer.PauseAsync(Owner)).Refused(FailureCode.StoreFailed);
        _silo.Storage.Heal();

        Assert.Equal(TransferState.Transferring, (await _silo.GetAsync(opening)).State);
        Assert.Empty(_silo.Gateway.ClosedLanes);
        Assert.Equal(TransferState.Paused, (await transfer.PauseAsync(Owner)).Ok().State);
    }

    [Fact]
    public async Task A_write_that_took_effect_and_timed_out_is_found_by_the_next_activation()
    {
        TransferOpening opening = await _silo.CreateAsync();
        ITransferGrain transfer = _silo.Transfer(opening.Transfer.Id);
        _silo.Storage.FailsAfter = state => state == "transfer";
        (await transfer.PauseAsync(Owner)).Refused(FailureCode.StoreFailed);
        _silo.Storage.Heal();

        Assert.Equal(TransferState.Paused, (await _silo.GetAsync(opening)).State);
        // What follows from the state is caught up with.
        await Eventually.GetAsync("the session to be paused",
            () => _silo.Session(opening.Plan.SessionId).GetAsync(), session => session.Ok().Status is SessionStatus.Paused);
        await _silo.WaitForListedAsync(opening, TransferState.Paused);
        Assert.Equal(TransferState.Transferring, (await transfer.ResumeAsync(Owner)).Ok().State);
    }

    [Fact]
    public async Task Everybody_who_shares_a_failed_write_is_told_and_nothing_of_it_is_recorded()
    {
        TransferOpening opening = await _silo.CreateAsync();
        ISessionGrain session = _silo.Session(opening.Plan.SessionId);
        (await session.RecordCommittedAsync(Chunks((0, 0)))).Ok();

        TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _silo.Storage.Holds = _ =>
        {
            reached.TrySetResult();
            return held.Task;
        };
        _silo.Storage.FailsBefore = state => state == "session";
        var first = session.RecordCommittedAsync(Chunks((0, 1)));
        await Eventually.DoneAsync("the first write", reached.Task);
        var second = session.RecordCommittedAsync(Chunks((0, 2)));
        var third = session.RecordCommittedAsync(Chunks((0, 3)));
        Assert.Equal(1, (await session.GetAsync()).Ok().Committed.Count);
        held.SetResult();
        Assert.All(await Task.WhenAll(first, second, third), outcome => outcome.Refused(FailureCode.StoreFailed));
        _silo.Storage.Heal();

        Assert.Equal(1, (await session.GetAsync()).Ok().Committed.Count);
        (await session.RecordCommittedAsync(DataChunks())).Ok();
        Assert.Equal(5, (await session.GetAsync()).Ok().Committed.Count);
    }

    [Fact]
    public async Task Two_activations_cannot_both_write()
    {
        TransferOpening opening = await _silo.CreateAsync();
        ISessionGrain session = _silo.Session(opening.Plan.SessionId);
        (await session.RecordCommittedAsync(Chunks((0, 0)))).Ok();
        // What another activation would have done meanwhile.
        Execute("UPDATE grain_state SET version = version + 1 WHERE type = 'session'");
        (await session.RecordCommittedAsync(Chunks((0, 1)))).Refused(FailureCode.StoreFailed);
        (await session.RecordCommittedAsync(Chunks((0, 1)))).Ok();
        Assert.Equal(2, (await session.GetAsync()).Ok().Committed.Count);
    }

    [Theory]
    [InlineData("session")]
    [InlineData("transfer-key")]
    public async Task A_creation_of_which_a_part_cannot_be_stored_is_refused_and_leaves_nothing_that_runs(string part)
    {
        Guid id = Guid.CreateVersion7();
        _silo.Storage.FailsBefore = state => state == part;
        (await _silo.Transfer(id).CreateAsync(Send(fingerprint: "f"))).Refused(FailureCode.StoreFailed);
        _silo.Storage.Heal();
        Assert.Equal(TransferState.Failed, (await _silo.Transfer(id).GetAsync(Owner)).Ok().State);
        (await _silo.Transfer(id).AdmitAsync()).Refused(FailureCode.TransferNotOpen);

        TransferOpening again = await _silo.CreateAsync(Send(fingerprint: "f"));
        Assert.NotEqual(id, again.Transfer.Id);
        Assert.Equal((TransferState.Transferring, false), (again.Transfer.State, again.Existing));
    }

    [Fact]
    public async Task A_creation_that_was_cut_off_after_its_plan_was_durable_is_finished_by_whoever_opens_it()
    {
        TransferOpening opening = await _silo.CreateAsync(Send(fingerprint: "f"));
        await RestartAsync("DELETE FROM grain_state WHERE type IN ('session', 'transfer-key')");

        (await _silo.Transfer(opening.Transfer.Id).OpenAsync(Owner)).Ok();
        Assert.Equal(0, (await _silo.Session(opening.Plan.SessionId).GetAsync()).Ok().Committed.Count);
        // Its key is held again: by whoever activates it.
        await Eventually.TrueAsync("the key to be held again", () => _silo.Database.Query("SELECT type FROM grain_state WHERE type = 'transfer-key'").Count == 1);
        TransferOpening same = await _silo.CreateAsync(Send(fingerprint: "f"));
        Assert.Equal((opening.Transfer.Id, true), (same.Transfer.Id, same.Existing));
    }

    [Fact]
    public async Task A_creation_whose_first_write_fails_leaves_neither_transfer_nor_key()
    {
        Guid id = Guid.CreateVersion7();
        _silo.Storage.FailsBefore = state => state == "transfer";
        (await _silo.Transfer(id).CreateAsync(Send(fingerprint: "f"))).Refused(FailureCode.StoreFailed);
        _silo.Storage.Heal();
        (await _silo.Transfer(id).GetAsync(Owner)).Refused(FailureCode.NotFound);
        Assert.False((await _silo.CreateAsync(Send(fingerprint: "f"))).Existing);
    }

    [Fact]
    public async Task A_transfer_whose_end_cannot_be_stored_ends_later()
    {
        TransferOpening opening = await _silo.CreateSentAsync();
        int failures = 0;
        // The first write of the end (Completing) succeeds, the next one (Completed) fails twice.
        _silo.Storage.FailsBefore = state => state == "file" && failures++ < 2;
        (await _silo.Transfer(opening.Transfer.Id).CompleteAsync(Owner, Hash(1))).Ok();
        await _silo.WaitForAsync(opening, TransferState.Completed);
        Assert.True(failures > 2);
    }

    [Fact]
    public async Task A_damaged_transfer_refuses_and_no_other_does()
    {
        TransferOpening damaged = await _silo.CreateAsync();
        TransferOpening sound = await _silo.CreateAsync();
        await DamageAsync("transfer", damaged.Transfer.Id);

        Failure failure = (await _silo.Transfer(damaged.Transfer.Id).GetAsync(Owner)).Refused(FailureCode.StateDamaged);
        Assert.Contains("damaged", failure.Message, StringComparison.Ordinal);
        (await _silo.Transfer(damaged.Transfer.Id).PauseAsync(Owner)).Refused(FailureCode.StateDamaged);
        (await _silo.Transfer(damaged.Transfer.Id).CreateAsync(Send())).Refused(FailureCode.StateDamaged);
        Assert.Equal(TransferState.Transferring, (await _silo.GetAsync(sound)).State);
    }

    [Fact]
    public async Task A_transfer_whose_session_is_damaged_says_so_and_can_be_cancelled_and_forgotten()
    {
        TransferOpening damaged = await _silo.CreateSentAsync(Send(fingerprint: "f"));
        TransferOpening sound = await _silo.CreateSentAsync();
        await DamageAsync("session", damaged.Plan.SessionId);
        ITransferGrain transfer = _silo.Transfer(damaged.Transfer.Id);

        // Not that nothing has come yet.
        (await transfer.GetAsync(Owner)).Refused(FailureCode.StateDamaged);
        (await transfer.OpenAsync(Owner)).Refused(FailureCode.StateDamaged);
        (await transfer.CompleteAsync(Owner, Hash(1))).Refused(FailureCode.StateDamaged);
        (await _silo.Session(damaged.Plan.SessionId).RecordCommittedAsync(Chunks((0, 0)))).Refused(FailureCode.StateDamaged);
        Assert.Equal(5, (await _silo.GetAsync(sound)).CommittedChunks);

        Assert.Equal(TransferState.Failed, (await transfer.CancelAsync(Owner)).Ok().State);
        await _silo.WaitForSettledAsync(damaged);
        Assert.Contains(damaged.Plan.FileId, _silo.Gateway.Dropped);
        Assert.False((await _silo.CreateAsync(Send(fingerprint: "f"))).Existing);
        (await transfer.DeleteAsync(Owner)).Ok();
        (await transfer.GetAsync(Owner)).Refused(FailureCode.NotFound);
    }

    [Fact]
    public async Task A_damaged_file_refuses_and_no_other_does()
    {
        TransferOpening damaged = await _silo.CreateCompletedAsync(), sound = await _silo.CreateCompletedAsync();
        await DamageAsync("file", damaged.Plan.FileId);
        (await _silo.File(damaged.Plan.FileId).GetAsync(Owner)).Refused(FailureCode.StateDamaged);
        (await _silo.File(damaged.Plan.FileId).DeleteAsync(Owner)).Refused(FailureCode.StateDamaged);
        (await _silo.Transfer(Guid.CreateVersion7()).CreateAsync(Receive(damaged.Plan.FileId))).Refused(FailureCode.StateDamaged);
        (await _silo.File(sound.Plan.FileId).GetAsync(Owner)).Ok();
    }

    [Fact]
    public async Task A_path_whose_state_is_damaged_is_measured_all_the_same()
    {
        const string key = "alice|a>b/quic";
        await _silo.Grains.GetGrain<IPathGrain>(key).ReportAsync(new(TimeSpan.FromMilliseconds(5), 1e6, 0, 100, 10, 0));
        await RestartAsync($"UPDATE grain_state SET payload = {NoState} WHERE type = 'path'");
        Assert.Equal(7, (await _silo.Grains.GetGrain<IPathGrain>(key).ReportAsync(new(TimeSpan.FromMilliseconds(5), 1e6, 0, 70, 7, 0))).Chunks);
    }

    [Fact]
    public async Task A_database_that_could_not_be_read_is_read_again()
    {
        TransferOpening opening = await _silo.CreateAsync();
        await RestartAsync();
        _silo.Storage.FailsToRead = state => state == "transfer";
        (await _silo.Transfer(opening.Transfer.Id).GetAsync(Owner)).Refused(FailureCode.StoreFailed);
        _silo.Storage.Heal();
        await Eventually.GetAsync("the state to be read", () => _silo.Transfer(opening.Transfer.Id).GetAsync(Owner), outcome => outcome.IsOk);
    }

    [Fact]
    public async Task A_path_that_cannot_be_stored_is_measured_all_the_same()
    {
        IPathGrain path = _silo.Grains.GetGrain<IPathGrain>("alice|a>b/quic");
        _silo.Storage.FailsBefore = state => state == "path";
        Assert.Equal(10, (await path.ReportAsync(new(TimeSpan.FromMilliseconds(5), 1e6, 0, 100, 10, 0))).Chunks);
    }

    private static string NoState => TestDatabases.ArePostgreSql ? "'\\x0102030405'" : "x'0102030405'";

    private Task DamageAsync(string type, Guid id)
    {
        byte[] bytes = id.ToByteArray();
        return RestartAsync(
            $"UPDATE grain_state SET payload = {NoState} WHERE type = '{type}' AND id_n0 = {BitConverter.ToInt64(bytes)} AND id_n1 = {BitConverter.ToInt64(bytes, 8)}");
    }

    private async Task RestartAsync(string? sql = null)
    {
        TestSilo old = _silo;
        await old.StopAsync();
        if (sql is not null) Execute(sql);
        _silo = await TestSilo.StartAsync(old.Folder);
    }

    private void Execute(string sql) => Assert.NotEqual(0, _silo.Database.Execute(sql));
}
