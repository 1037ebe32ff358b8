using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Abstractions.Tickets;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Grains.Files;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.Files;

public sealed class FileGrainTests : IAsyncLifetime
{
    private TestSilo _silo = null!;
    private StoredFile _file = null!;

    public async Task InitializeAsync()
    {
        _silo = await TestSilo.StartAsync();
        TransferOpening opening = await _silo.CreateCompletedAsync();
        _file = (await Grain(opening.Plan.FileId).GetAsync(Owner)).Ok();
    }

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task Opening_answers_gateways_and_a_ticket_to_read()
    {
        FileOpening opening = (await Grain(_file.Id).OpenAsync(Owner)).Ok();
        Assert.Equal("gateway-1", Assert.Single(opening.Gateways).GatewayId);
        Ticket ticket = (await _silo.Tickets.VerifyAsync(opening.Ticket)).Ok();
        Assert.Equal((Guid.Empty, _file.Id, TicketScope.Receive), (ticket.TransferId, ticket.FileId, ticket.Scope));
        await _silo.Gateway.LeaveAsync(_silo.Grains);
        (await Grain(_file.Id).OpenAsync(Owner)).Refused(FailureCode.NoGateway);
    }

    [Fact]
    public async Task Another_owner_finds_nothing()
    {
        (await Grain(_file.Id).GetAsync("mallory")).Refused(FailureCode.NotFound);
        (await Grain(_file.Id).OpenAsync("mallory")).Refused(FailureCode.NotFound);
        (await Grain(_file.Id).DeleteAsync("mallory")).Refused(FailureCode.NotFound);
        (await Grain(_file.Id).VerifyAsync("mallory")).Refused(FailureCode.NotFound);
        (await Grain(_file.Id).GetAsync(Owner)).Ok();
    }

    [Fact]
    public async Task Registering_again_changes_nothing_and_other_content_is_refused()
    {
        Assert.Equal(_file.CreatedAt, (await Grain(_file.Id).RegisterAsync(_file with { CreatedAt = DateTimeOffset.UtcNow })).Ok().CreatedAt);
        (await Grain(_file.Id).RegisterAsync(_file with { ContentHash = Hash(9) })).Refused(FailureCode.Conflict);
        (await Grain(Guid.NewGuid()).RegisterAsync(_file)).Refused(FailureCode.InvalidRequest);
    }

    [Fact]
    public async Task A_deleted_file_is_dropped_forgotten_by_listings_and_never_comes_back()
    {
        (await Grain(_file.Id).DeleteAsync(Owner)).Ok();
        (await Grain(_file.Id).DeleteAsync(Owner)).Ok();
        await Eventually.TrueAsync("the file to be dropped", () => _silo.Gateway.Dropped.Contains(_file.Id));
        (await Grain(_file.Id).GetAsync(Owner)).Refused(FailureCode.NotFound);
        (await Grain(_file.Id).RegisterAsync(_file)).Refused(FailureCode.NotFound);
        Assert.Empty((await _silo.Catalog.ListFilesAsync(new() { Owner = Owner })).Items);
    }

    [Fact]
    public async Task A_drop_that_fails_is_tried_again()
    {
        int tries = 0;
        _silo.Gateway.OnDrop = () =>
        {
            if (++tries < 3) throw new IOException("The disk is busy.");
        };
        (await Grain(_file.Id).DeleteAsync(Owner)).Ok();
        await Eventually.TrueAsync("the file to be dropped", () => _silo.Gateway.Dropped.Contains(_file.Id));
        Assert.Equal(3, tries);
    }

    [Theory]
    [InlineData(0, 0, 0, FileHealth.Healthy)]
    [InlineData(2, 2, 0, FileHealth.Healthy)]
    [InlineData(2, 1, 0, FileHealth.Degraded)]
    [InlineData(9, 0, 1, FileHealth.Lost)]
    public async Task Verifying_records_the_files_health(long bad, long rebuilt, long lost, FileHealth health)
    {
        _silo.Gateway.OnVerify = _ => new HealthReport(9, bad, rebuilt, lost);
        Assert.Equal(new HealthReport(9, bad, rebuilt, lost), (await Grain(_file.Id).VerifyAsync(Owner)).Ok());
        Assert.Equal(health, (await Grain(_file.Id).GetAsync(Owner)).Ok().Health);
        Page<StoredFile> listed = await _silo.Catalog.ListFilesAsync(new() { Owner = Owner });
        Assert.Equal(health, Assert.Single(listed.Items).Health);
    }

    [Theory]
    [InlineData(ManifestCondition.Rewritten, FileHealth.Healthy, true)]
    [InlineData(ManifestCondition.Damaged, FileHealth.Degraded, true)]
    [InlineData(ManifestCondition.Lost, FileHealth.Lost, false)]
    public async Task A_manifest_that_is_lost_loses_the_file(ManifestCondition condition, FileHealth health, bool passes)
    {
        _silo.Gateway.OnVerify = _ => new HealthReport(9, 0, 0, 0) { Manifest = condition };
        (await Grain(_file.Id).VerifyAsync(Owner)).Ok();
        Assert.Equal(health, (await Grain(_file.Id).GetAsync(Owner)).Ok().Health);
        FileCheck check = Assert.Single((await Grain(_file.Id).GetChecksAsync(Owner)).Ok());
        Assert.Equal((passes, condition), (check.Record.Passed, check.Manifest));
    }

    [Fact]
    public async Task Checks_are_kept_with_their_time_the_newest_first_and_not_more_than_sixteen()
    {
        Assert.Empty((await Grain(_file.Id).GetChecksAsync(Owner)).Ok());
        for (int bad = 0; bad < FileGrain.ChecksKept + 2; bad++)
        {
            _silo.Gateway.OnVerify = _ => new HealthReport(9, bad, bad, 0);
            (await Grain(_file.Id).VerifyAsync(Owner)).Ok();
        }
        _silo.Gateway.OnVerify = _ => new HealthReport(9, 3, 0, 1) { LostBytes = 100 };
        (await Grain(_file.Id).VerifyAsync(Owner)).Ok();

        // Whoever asks later, of another activation.
        await _silo.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        IReadOnlyList<FileCheck> checks = (await Grain(_file.Id).GetChecksAsync(Owner)).Ok();
        Assert.Equal([3, .. Enumerable.Range(3, FileGrain.ChecksKept - 1).Reverse()], checks.Select(check => check.BadChunks));
        Assert.Equal(checks.OrderByDescending(check => check.Record.CheckedAt), checks);
        Assert.Equal((true, _file.ContentHash, _file.ContentHash), (checks[1].Record.Passed, checks[1].Record.Expected, checks[1].Record.Found));
        Assert.Equal((false, SizeBytes, SizeBytes - 100), (checks[0].Record.Passed, checks[0].Record.ExpectedBytes, checks[0].Record.FoundBytes));
        (await Grain(_file.Id).GetChecksAsync("mallory")).Refused(FailureCode.NotFound);
    }

    [Fact]
    public async Task Verifying_without_the_gateway_says_so_and_changes_nothing()
    {
        await _silo.Gateway.LeaveAsync(_silo.Grains);
        (await Grain(_file.Id).VerifyAsync(Owner)).Refused(FailureCode.NoGateway);
        Assert.Equal(FileHealth.Healthy, (await Grain(_file.Id).GetAsync(Owner)).Ok().Health);
        Assert.Empty((await Grain(_file.Id).GetChecksAsync(Owner)).Ok());
    }

    private IFileGrain Grain(Guid id) => _silo.File(id);
}
