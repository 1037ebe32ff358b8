using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Grains;
using ChunkStream.Grains.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.Sessions;

/// <summary>Sessions that are listed, counted, deleted, and cleaned up when they are old.</summary>
public sealed class SessionKeepingTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private TestSilo _silo = null!;

    public async Task InitializeAsync() => _silo = await TestSilo.StartAsync(time: _time, transfers: new()
    {
        KeepCompleted = TimeSpan.FromDays(30),
        KeepFailed = TimeSpan.FromDays(3),
        AbandonAfter = TimeSpan.FromDays(1),
    });

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task Sessions_are_listed_filtered_and_counted()
    {
        TransferOpening active = await _silo.CreateSentAsync();
        TransferOpening paused = await _silo.CreateAsync();
        (await _silo.Transfer(paused.Transfer.Id).PauseAsync(Owner)).Ok();
        TransferOpening completed = await _silo.CreateCompletedAsync();
        await _silo.WaitForListedAsync(completed, TransferState.Completed);
        TransferOpening failed = await _silo.CreateAsync();
        (await _silo.Transfer(failed.Transfer.Id).CancelAsync(Owner)).Ok();
        await _silo.CreateAsync(Send(owner: "bob"));

        Assert.Equal([active.Plan.SessionId], await ListAsync(SessionStatus.Active));
        Assert.Equal([paused.Plan.SessionId], await ListAsync(SessionStatus.Paused));
        Assert.Equal([completed.Plan.SessionId], await ListAsync(SessionStatus.Completed));
        Assert.Equal([failed.Plan.SessionId], await ListAsync(SessionStatus.Failed));
        Assert.Empty(await ListAsync(SessionStatus.Initializing));
        Assert.Equal(4, (await ListAsync(null)).Count);
        foreach (SessionStatus status in Enum.GetValues<SessionStatus>())
            Assert.Equal((await ListAsync(status)).Count, await Directory.CountAsync(Owner, status));
        Assert.Equal((4, 1, 0), (await Directory.CountAsync(Owner, null), await Directory.CountAsync("bob", null), await Directory.CountAsync("nobody", null)));

        List<Guid> paged = [];
        CatalogCursor? after = null;
        do
        {
            Page<SessionSummary> page = await Directory.ListAsync(new() { Owner = Owner, Limit = 1, After = after });
            paged.AddRange(page.Items.Select(session => session.Id));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(await ListAsync(null), paged);
    }

    [Fact]
    public async Task A_session_exists_until_its_transfer_is_deleted_and_a_file_outlives_both()
    {
        TransferOpening opening = await _silo.CreateSentAsync();
        ITransferGrain transfer = _silo.Transfer(opening.Transfer.Id);
        ISessionGrain session = _silo.Session(opening.Plan.SessionId);
        Assert.True((await session.ExistsAsync()).Ok());
        Assert.False((await _silo.Session(Guid.CreateVersion7()).ExistsAsync()).Ok());
        Assert.Contains("Transferring", (await transfer.DeleteAsync(Owner)).Refused(FailureCode.Conflict).Message, StringComparison.Ordinal);
        (await session.DeleteAsync()).Refused(FailureCode.Conflict);

        (await transfer.CompleteAsync(Owner, Hash(1))).Ok();
        await _silo.WaitForSettledAsync(opening);
        (await transfer.DeleteAsync("mallory")).Refused(FailureCode.NotFound);
        Assert.Equal(TransferState.Completed, (await transfer.DeleteAsync(Owner)).Ok().State);

        (await transfer.GetAsync(Owner)).Refused(FailureCode.NotFound);
        (await transfer.DeleteAsync(Owner)).Refused(FailureCode.NotFound);
        Assert.False((await session.ExistsAsync()).Ok());
        Assert.True((await session.DeleteAsync()).Ok());
        Assert.Empty((await _silo.Catalog.ListTransfersAsync(new() { Owner = Owner })).Items);
        (await _silo.File(opening.Plan.FileId).GetAsync(Owner)).Ok();
        Assert.Empty(_silo.Gateway.Dropped);
    }

    [Fact]
    public async Task Old_sessions_are_forgotten_each_at_its_age()
    {
        TransferOpening completed = await _silo.CreateCompletedAsync(Send(fingerprint: "f"));
        TransferOpening failed = await _silo.CreateAsync();
        (await _silo.Transfer(failed.Transfer.Id).CancelAsync(Owner)).Ok();
        await _silo.WaitForSettledAsync(completed);
        await _silo.WaitForSettledAsync(failed);
        Assert.Equal(new(0, 0, 0), await Cleanup.CleanUpAsync());

        _time.Advance(TimeSpan.FromDays(4));
        Assert.Equal(new(0, 1, 0), await Cleanup.CleanUpAsync());
        (await _silo.Transfer(failed.Transfer.Id).GetAsync(Owner)).Refused(FailureCode.NotFound);
        (await _silo.Session(failed.Plan.SessionId).GetAsync()).Refused(FailureCode.NotFound);
        Assert.Equal(TransferState.Completed, (await _silo.GetAsync(completed)).State);

        _time.Advance(TimeSpan.FromDays(27));
        Assert.Equal(new(1, 0, 0), await Cleanup.CleanUpAsync());
        (await _silo.Transfer(completed.Transfer.Id).GetAsync(Owner)).Refused(FailureCode.NotFound);
        (await _silo.File(completed.Plan.FileId).GetAsync(Owner)).Ok();
        Assert.Empty((await _silo.Catalog.ListTransfersAsync(new() { Owner = Owner })).Items);
        Assert.Equal(new(0, 0, 0), await Cleanup.CleanUpAsync());
    }

    [Fact]
    public async Task Abandoned_uploads_expire_and_their_bytes_are_freed_and_those_that_move_live_on()
    {
        TransferOpening abandoned = await _silo.CreateSentAsync();
        TransferOpening paused = await _silo.CreateSentAsync();
        (await _silo.Transfer(paused.Transfer.Id).PauseAsync(Owner)).Ok();
        TransferOpening moving = await _silo.CreateAsync();
        _time.Advance(TimeSpan.FromHours(25));
        (await _silo.Session(moving.Plan.SessionId).RecordCommittedAsync(Chunks((0, 0)))).Ok();
        await _silo.Gateway.AnnounceAsync(_silo.Grains);

        Assert.Equal(new(0, 0, 2), await Cleanup.CleanUpAsync());
        foreach (TransferOpening gone in (TransferOpening[])[abandoned, paused])
        {
            TransferInfo info = await _silo.WaitForSettledAsync(gone);
            Assert.Equal((TransferState.Failed, FailureCode.Expired), (info.State, info.FailureCode));
            Assert.Contains(gone.Plan.FileId, _silo.Gateway.Dropped);
            SessionInfo session = (await _silo.Transfer(gone.Transfer.Id).GetSessionAsync(Owner)).Ok();
            Assert.False(session.IsResumable);
            Assert.Contains("Nothing has come", session.NotResumableBecause, StringComparison.Ordinal);
        }
        Assert.Equal(TransferState.Transferring, (await _silo.GetAsync(moving)).State);
    }

    [Fact]
    public async Task A_transfer_without_a_client_is_paused_until_the_client_is_back()
    {
        TransferOpening deserted = await _silo.CreateSentAsync(), served = await _silo.CreateSentAsync(), fresh;
        _silo.Gateway.OnHasLanes = id => id == served.Transfer.Id;
        Assert.Equal(new(0, 0, 0), await Cleanup.CleanUpAsync());
        _time.Advance(TimeSpan.FromMinutes(6));
        await _silo.Gateway.AnnounceAsync(_silo.Grains);
        fresh = await _silo.CreateAsync();

        Assert.Equal(new(0, 0, 0, Stopped: 1), await Cleanup.CleanUpAsync());
        TransferInfo paused = await _silo.GetAsync(deserted);
        Assert.Equal((TransferState.Paused, FailureCode.TimedOut), (paused.State, paused.FailureCode));
        foreach (TransferOpening runs in (TransferOpening[])[served, fresh]) Assert.Equal(TransferState.Transferring, (await _silo.GetAsync(runs)).State);
        Assert.Equal(TransferState.Transferring, (await _silo.Transfer(deserted.Transfer.Id).OpenAsync(Owner)).Ok().Transfer.State);
    }

    [Fact]
    public async Task A_transfer_whose_gateway_cannot_say_whether_its_client_is_there_goes_on()
    {
        TransferOpening opening = await _silo.CreateSentAsync();
        _time.Advance(TimeSpan.FromMinutes(6));
        await _silo.Gateway.LeaveAsync(_silo.Grains);
        Assert.Equal(new(0, 0, 0), await Cleanup.CleanUpAsync());
        Assert.Equal(TransferState.Transferring, (await _silo.GetAsync(opening)).State);
    }

    [Fact]
    public async Task A_row_whose_transfer_is_gone_is_taken_out()
    {
        TransferOpening opening = await _silo.CreateAsync();
        (await _silo.Transfer(opening.Transfer.Id).CancelAsync(Owner)).Ok();
        TransferInfo info = await _silo.WaitForSettledAsync(opening);
        (await _silo.Transfer(opening.Transfer.Id).DeleteAsync(Owner)).Ok();
        var catalog = _silo.Host.Services.GetRequiredService<ChunkStream.Grains.Catalog.CatalogStore>();
        await catalog.SaveTransferAsync(info, revision: 99, unsettled: false);
        Assert.Single((await _silo.Catalog.ListTransfersAsync(new() { Owner = Owner })).Items);
        _time.Advance(TimeSpan.FromDays(4));
        await Cleanup.CleanUpAsync();
        Assert.Empty((await _silo.Catalog.ListTransfersAsync(new() { Owner = Owner })).Items);
    }

    [Fact]
    public async Task The_reminder_is_set_when_the_silo_starts()
    {
        IReminderTable reminders = _silo.Host.Services.GetRequiredService<IReminderTable>();
        ReminderTableData set = await Eventually.GetAsync("the reminder to be set",
            () => reminders.ReadRows(((IAddressable)Cleanup).GetGrainId()), table => table.Reminders.Count == 1);
        Assert.Equal(new TransferOptions().CleanUpEvery, set.Reminders[0].Period);
    }

    private ISessionDirectoryGrain Directory => _silo.Grains.GetGrain<ISessionDirectoryGrain>(0);

    private ISessionCleanup Cleanup => _silo.Grains.GetGrain<ISessionCleanup>(0);

    private async Task<List<Guid>> ListAsync(SessionStatus? status) =>
        [.. (await Directory.ListAsync(new() { Owner = Owner, Status = status })).Items.Select(session => session.Id)];
}
