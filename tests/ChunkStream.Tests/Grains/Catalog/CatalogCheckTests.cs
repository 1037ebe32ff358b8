using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.Catalog;

/// <summary>The check that compares the catalogue with what grains keep, and mends it.</summary>
public sealed class CatalogCheckTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private TestSilo _silo = null!;

    public async Task InitializeAsync() => _silo = await TestSilo.StartAsync(time: _time);

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task A_true_catalogue_is_left_as_it_is()
    {
        TransferOpening completed = await _silo.CreateCompletedAsync();
        await _silo.CreateAsync();
        await SettledAsync(completed);
        Assert.Equal(new CatalogReport(3, 0, 0, 0), await CheckAsync());
    }

    [Fact]
    public async Task Rows_that_are_missing_behind_ahead_or_of_nothing_are_mended()
    {
        TransferOpening missing = await _silo.CreateAsync(), behind = await _silo.CreateAsync(), ahead = await _silo.CreateAsync();
        TransferOpening completed = await _silo.CreateCompletedAsync();
        (await _silo.Transfer(behind.Transfer.Id).PauseAsync(Owner)).Ok();
        await SettledAsync(completed);
        Execute($"DELETE FROM transfers WHERE id = '{missing.Transfer.Id:N}'");
        Execute($"UPDATE transfers SET revision = 1, state = 2 WHERE id = '{behind.Transfer.Id:N}'");
        Execute($"UPDATE transfers SET revision = 99, state = 6 WHERE id = '{ahead.Transfer.Id:N}'");
        Execute($"UPDATE transfers SET id = '{Guid.NewGuid():N}' WHERE id = '{completed.Transfer.Id:N}'");
        Execute("DELETE FROM files");

        Assert.Equal(new CatalogReport(5, 5, 1, 0), await CheckAsync());
        foreach (TransferOpening opening in (TransferOpening[])[missing, behind, ahead, completed])
            Assert.Equal(await _silo.GetAsync(opening), await _silo.WaitForListedAsync(opening, (await _silo.GetAsync(opening)).State));
        Page<StoredFile> files = await Eventually.GetAsync("the file to be listed", () => _silo.Catalog.ListFilesAsync(new() { Owner = Owner }), page => page.Items.Count == 1);
        Assert.Equal(completed.Plan.FileId, files.Items[0].Id);
        Assert.Equal(4, (await _silo.Catalog.ListTransfersAsync(new() { Owner = Owner })).Items.Count);
        Assert.Equal(new CatalogReport(5, 0, 0, 0), await CheckAsync());
    }

    [Fact]
    public async Task A_state_that_cannot_be_read_is_told_and_its_row_left_alone()
    {
        TransferOpening opening = await _silo.CreateAsync();
        await _silo.CreateAsync();
        byte[] id = opening.Transfer.Id.ToByteArray();
        string payload = TestDatabases.ArePostgreSql ? "'\\x0102030405'" : "x'0102030405'";
        Execute($"UPDATE grain_state SET payload = {payload} WHERE type = 'transfer' AND id_n0 = {BitConverter.ToInt64(id)} AND id_n1 = {BitConverter.ToInt64(id, 8)}");
        Assert.Equal(new CatalogReport(2, 0, 0, 1), await CheckAsync());
        Assert.NotNull(await _silo.WaitForListedAsync(opening, TransferState.Transferring));
    }

    [Fact]
    public async Task A_session_without_a_transfer_is_deleted_after_a_day()
    {
        TransferOpening opening = await _silo.CreateSentAsync();
        ISessionGrain stray = _silo.Session(Guid.CreateVersion7()), kept = _silo.Session(opening.Plan.SessionId);
        (await stray.OpenAsync(Guid.CreateVersion7(), Layout)).Ok();
        Assert.Equal(new CatalogReport(1, 0, 0, 0), await CheckAsync());
        _time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(new CatalogReport(1, 0, 1, 0), await CheckAsync());
        Assert.False((await stray.ExistsAsync()).Ok());
        Assert.Equal(5, (await kept.GetAsync()).Ok().Committed.Count);
    }

    [Fact]
    public async Task The_reminders_are_set_and_those_that_were_lost_are_set_again()
    {
        await OrderedAsync();
        TestSilo old = _silo;
        await old.StopAsync();
        old.Database.Execute("DELETE FROM reminders");
        _silo = await TestSilo.StartAsync(old.Folder);
        await OrderedAsync();
    }

    private Task OrderedAsync() => Eventually.TrueAsync("both reminders to be set",
        () => _silo.Database.Query("SELECT reminder_name FROM reminders WHERE reminder_name IN ('catalogue-check', 'clean-up')").Count == 2);

    private Task<CatalogReport> CheckAsync() => _silo.Grains.GetGrain<ICatalogCheckGrain>(0).CheckAsync();

    // A completed transfer is written once more when all that follows is done.
    private Task SettledAsync(TransferOpening opening) => Eventually.TrueAsync("the transfer to be settled",
        () => _silo.Database.Query($"SELECT id FROM transfers WHERE id = '{opening.Transfer.Id:N}' AND state = 5 AND unsettled = 0").Count == 1);

    private void Execute(string sql) => Assert.NotEqual(0, _silo.Database.Execute(sql));
}
