using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Grains.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.Catalog;

public sealed class CatalogTests : IAsyncLifetime
{
    private TestSilo _silo = null!;

    public async Task InitializeAsync() => _silo = await TestSilo.StartAsync();

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task What_is_listed_is_what_the_grain_tells()
    {
        TransferOpening sent = await _silo.CreateCompletedAsync();
        TransferInfo? listed = await _silo.WaitForListedAsync(sent, TransferState.Completed);
        Assert.Equal(await _silo.GetAsync(sent), await Eventually.GetAsync("the settled transfer to be listed",
            () => _silo.WaitForListedAsync(sent, TransferState.Completed), row => row!.UpdatedAt == listed!.UpdatedAt));

        TransferOpening failed = await _silo.CreateAsync(Send("b\t".Trim() + " 'quoted' \"name\"; DROP TABLE transfers; --"));
        (await _silo.Transfer(failed.Transfer.Id).FailAsync(Owner, FailureCode.SourceUnreadable, "Gone.")).Ok();
        Assert.Equal(await _silo.GetAsync(failed) with { Failures = null }, await _silo.WaitForListedAsync(failed, TransferState.Failed));

        StoredFile file = (await _silo.File(sent.Plan.FileId).GetAsync(Owner)).Ok();
        StoredFile row = Assert.Single((await _silo.Catalog.ListFilesAsync(new() { Owner = Owner })).Items);
        Assert.Equal(file.Homes, row.Homes);
        Assert.Equal(file with { Homes = row.Homes }, row);
    }

    [Fact]
    public async Task Pages_have_everything_once_newest_first()
    {
        List<Guid> created = [];
        for (int i = 0; i < 25; i++) created.Add((await _silo.CreateAsync()).Transfer.Id);
        await _silo.CreateAsync(Send(owner: "bob"));

        List<Guid> listed = [];
        CatalogCursor? after = null;
        int pages = 0;
        do
        {
            Page<TransferInfo> page = await _silo.Catalog.ListTransfersAsync(new() { Owner = Owner, Limit = 10, After = after });
            listed.AddRange(page.Items.Select(transfer => transfer.Id));
            after = page.Next;
            pages++;
        }
        while (after is not null);
        Assert.Equal(3, pages);
        Assert.Equal(created.AsEnumerable().Reverse().Select(id => id.ToString("N")).OrderDescending(StringComparer.Ordinal), listed.Select(id => id.ToString("N")));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(2, 2)]
    [InlineData(100_000, 3)]
    public async Task A_page_has_1_to_1000_entries(int limit, int expected)
    {
        for (int i = 0; i < 3; i++) await _silo.CreateAsync();
        Page<TransferInfo> page = await _silo.Catalog.ListTransfersAsync(new() { Owner = Owner, Limit = limit });
        Assert.Equal(expected, page.Items.Count);
        Assert.Equal(expected < 3, page.Next is not null);
    }

    [Fact]
    public async Task Filters_by_state_and_direction_work_together()
    {
        TransferOpening completed = await _silo.CreateCompletedAsync();
        TransferOpening receiving = await _silo.CreateAsync(Receive(completed.Plan.FileId));
        TransferOpening sending = await _silo.CreateAsync();
        TransferOpening paused = await _silo.CreateAsync();
        (await _silo.Transfer(paused.Transfer.Id).PauseAsync(Owner)).Ok();
        await _silo.WaitForListedAsync(completed, TransferState.Completed);

        Assert.Equal([paused.Transfer.Id], await ListAsync(TransferState.Paused, null));
        Assert.Equal([receiving.Transfer.Id], await ListAsync(null, TransferDirection.Receive));
        Assert.Equal([sending.Transfer.Id], await ListAsync(TransferState.Transferring, TransferDirection.Send));
        Assert.Equal([receiving.Transfer.Id], await ListAsync(TransferState.Transferring, TransferDirection.Receive));
        Assert.Equal([completed.Transfer.Id], await ListAsync(TransferState.Completed, TransferDirection.Send));
        Assert.Empty(await ListAsync(TransferState.Failed, null));
        Assert.Equal(4, (await ListAsync(null, null)).Count);
    }

    [Fact]
    public async Task A_late_or_repeated_row_changes_nothing()
    {
        CatalogStore catalog = _silo.Host.Services.GetRequiredService<CatalogStore>();
        TransferInfo info = (await _silo.CreateAsync()).Transfer;
        await catalog.SaveTransferAsync(info with { State = TransferState.Paused, CommittedChunks = 5, CommittedBytes = 500 }, revision: 9, unsettled: false);
        await catalog.SaveTransferAsync(info, revision: 8, unsettled: true);
        await catalog.SaveProgressAsync(info.Id, 4, 400);
        await catalog.SaveProgressAsync(Guid.NewGuid(), 4, 400);
        TransferInfo row = Assert.Single((await catalog.ListTransfersAsync(new() { Owner = Owner })).Items);
        Assert.Equal((TransferState.Paused, 5, 500), (row.State, row.CommittedChunks, row.CommittedBytes));
        Assert.Empty(await catalog.UnsettledTransfersAsync(null, 10));

        await catalog.SaveProgressAsync(info.Id, 7, 700);
        await catalog.SaveTransferAsync(info with { State = TransferState.Transferring }, revision: 10, unsettled: true);
        row = Assert.Single((await catalog.ListTransfersAsync(new() { Owner = Owner })).Items);
        Assert.Equal((TransferState.Transferring, 7, 700), (row.State, row.CommittedChunks, row.CommittedBytes));
        Assert.Equal([info.Id], await catalog.UnsettledTransfersAsync(null, 10));
        Assert.Empty(await catalog.UnsettledTransfersAsync(info.Id, 10));
    }

    [Fact]
    public async Task A_row_that_is_missing_or_wrong_is_repaired_when_the_grain_is_activated()
    {
        TransferOpening opening = await _silo.CreateCompletedAsync();
        await _silo.WaitForListedAsync(opening, TransferState.Completed);
        TestSilo old = _silo;
        await old.StopAsync();
        old.Database.Execute("DELETE FROM transfers; DELETE FROM files;");
        _silo = await TestSilo.StartAsync(old.Folder);
        Assert.Empty((await _silo.Catalog.ListTransfersAsync(new() { Owner = Owner })).Items);
        await _silo.GetAsync(opening);
        (await _silo.File(opening.Plan.FileId).GetAsync(Owner)).Ok();
        await _silo.WaitForListedAsync(opening, TransferState.Completed);
        await Eventually.GetAsync("the file to be listed",
            () => _silo.Catalog.ListFilesAsync(new() { Owner = Owner }), page => page.Items.Count == 1);
    }

    private async Task<List<Guid>> ListAsync(TransferState? state, TransferDirection? direction)
    {
        Page<TransferInfo> page = await _silo.Catalog.ListTransfersAsync(new() { Owner = Owner, State = state, Direction = direction });
        return [.. page.Items.Select(transfer => transfer.Id)];
    }
}
