using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Abstractions.Tickets;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Grains.Catalog;
using ChunkStream.Grains.Gateways;
using ChunkStream.Grains.State;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace ChunkStream.Grains.Files;

/// <summary>
/// A deleted file leaves a tombstone: it is written first, the gateways drop the chunks afterwards, however long one of them is away,
/// and a late registration finds the grave and not an empty place.
/// </summary>
[Reentrant]
[GrainType("chunkstream.file")]
internal sealed partial class FileGrain : Grain, IFileGrain, IFileMaintenance, IDisposable
{
    /// <summary>How many checks a file remembers: some 4 KiB of state.</summary>
    public const int ChecksKept = 16;

    private readonly DurableState<FileRecord> _state;
    private readonly CatalogStore _catalog;
    private readonly TicketAuthority _tickets;
    private readonly TimeProvider _time;
    private readonly ILogger<FileGrain> _logger;
    private readonly BackgroundWork _work;

    public FileGrain(DurableStates states, CatalogStore catalog, TicketAuthority tickets, TimeProvider time, ILogger<FileGrain> logger)
    {
        _state = states.For<FileRecord>("file", this);
        (_catalog, _tickets, _time, _logger) = (catalog, tickets, time, logger);
        _work = new(() => _state is { Failure: null, Value.HasWork: true }, DropAsync,
            (failure, exception, pause) => LogDropDelayed(_logger, exception, Id, failure, pause), time);
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _state.LoadAsync();
        if (_state.Value is null) return;
        SaveToCatalogueAsync().Ignore();
        _work.Start();
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _work.Dispose();

    public async Task<Outcome<StoredFile>> RegisterAsync(StoredFile file)
    {
        if (file.Id != Id) return new Failure(FailureCode.InvalidRequest, $"The file {file.Id} was registered as {Id}.");
        Outcome<FileRecord> registered = await _state.UpdateAsync(record => record switch
        {
            null => new FileRecord { Revision = 1, File = file },
            { DeletedAt: not null } => NotFound,
            { File: var known } when known.Owner == file.Owner && known.ContentHash == file.ContentHash && known.Layout == file.Layout => record,
            _ => new Failure(FailureCode.Conflict, $"The file {Id} is registered with other content."),
        });
        if (!registered.IsOk) return registered.Failure!;
        await SaveToCatalogueAsync();
        return registered.Value!.File;
    }

    public Task<Outcome<StoredFile>> GetAsync(string owner) => Task.FromResult(Owned(owner));

    public Task<Outcome<StoredFile>> FindAsync() => Task.FromResult(
        _state.Failure is { } unreadable ? unreadable
        : _state.Value is { DeletedAt: null } record ? record.File
        : (Outcome<StoredFile>)NotFound);

    public async Task<Outcome<FileOpening>> OpenAsync(string owner)
    {
        Outcome<StoredFile> owned = Owned(owner);
        if (!owned.IsOk) return owned.Failure!;
        StoredFile file = owned.Value!;
        IReadOnlyList<string> gatewayIds = file.Homes.GatewayIds();
        IReadOnlyList<GatewayInfo> gateways = await GrainFactory.Directory().FindAsync(gatewayIds);
        if (gateways.Count == 0) return new Failure(FailureCode.NoGateway, $"None of the file's gateways is there now: {string.Join(", ", gatewayIds)}.");
        (string ticket, DateTimeOffset expiresAt) = _tickets.Issue(Guid.Empty, Id, TicketScope.Receive);
        return new FileOpening
        {
            File = file,
            Gateways = [.. gateways.Select(gateway => gateway.Address)],
            Ticket = ticket,
            TicketExpiresAt = expiresAt,
        };
    }

    public async Task<Outcome<StoredFile>> DeleteAsync(string owner)
    {
        if (_state.Failure is { } unreadable) return unreadable;
        if (_state.Value is not { } known || known.File.Owner != owner) return NotFound;
        // First the catalogue, then the state: whatever a crash leaves behind, the grain is woken to look at it.
        if (known.DeletedAt is null) await SaveToCatalogueAsync(willHaveWork: true);
        DateTimeOffset now = _time.UtcNow();
        Outcome<FileRecord> deleted = await _state.UpdateAsync(record =>
            record!.DeletedAt is null ? record with { Revision = record.Revision + 1, DeletedAt = now } : record);
        if (!deleted.IsOk) return deleted.Failure!;
        await SaveToCatalogueAsync();
        _work.Start();
        return deleted.Value!.File;
    }

    public async Task<Outcome<HealthReport>> VerifyAsync(string owner)
    {
        Outcome<StoredFile> owned = Owned(owner);
        if (!owned.IsOk) return owned.Failure!;
        HealthReport sum = new(0, 0, 0, 0);
        foreach (string gatewayId in owned.Value!.Homes.GatewayIds())
        {
            Outcome<HealthReport> found = await GrainFactory.CallGatewayAsync(gatewayId, control => control.VerifyAsync(owned.Value!));
            if (found.Value is not { } report) return found.Failure!;
            sum = sum.And(report);
        }
        FileHealth health = sum is { LostStripes: > 0 } or { Manifest: ManifestCondition.Lost } ? FileHealth.Lost
            : sum.BadChunks > sum.RebuiltChunks || sum.Manifest == ManifestCondition.Damaged ? FileHealth.Degraded
            : FileHealth.Healthy;
        FileCheck check = CheckOf(owned.Value!, sum);
        Outcome<FileRecord> recorded = await _state.UpdateAsync(record => record! with
        {
            Revision = record.Revision + 1,
            File = record.File with { Health = health },
            Checks = [.. (record.Checks ?? []).Append(check).TakeLast(ChecksKept)],
        });
        if (!recorded.IsOk) return recorded.Failure!;
        await SaveToCatalogueAsync();
        return sum;
    }

    public Task<Outcome<IReadOnlyList<FileCheck>>> GetChecksAsync(string owner) => Task.FromResult<Outcome<IReadOnlyList<FileCheck>>>(
        Owned(owner).Failure is { } refused ? refused : _state.Value!.Checks?.Reverse().ToArray() ?? []);

    public Task WakeAsync()
    {
        if (_state.Value is not { HasWork: false }) _work.Start();
        else return SaveToCatalogueAsync();
        return Task.CompletedTask;
    }

    private Guid Id => this.GetPrimaryKey();

    private Failure NotFound => new(FailureCode.NotFound, $"There is no file {Id}.");

    private Outcome<StoredFile> Owned(string owner) =>
        _state.Failure is { } unreadable ? unreadable
        : _state.Value is { DeletedAt: null } record && record.File.Owner == owner ? record.File
        : NotFound;

    private FileCheck CheckOf(StoredFile file, HealthReport report)
    {
        // Every data chunk was compared with the manifest's hashes, and these with the file's.
        bool isWhole = report is { LostStripes: 0, Manifest: not ManifestCondition.Lost };
        var found = new FileChecksum(isWhole ? file.ContentHash : default, file.Layout.SizeBytes - report.LostBytes);
        return new()
        {
            Record = IntegrityCheckRecord.OfFile(Id, file.Layout.SizeBytes, file.ContentHash, found, _time) with { CheckedAt = _time.UtcNow() },
            CheckedChunks = report.CheckedChunks,
            BadChunks = report.BadChunks,
            RebuiltChunks = report.RebuiltChunks,
            LostStripes = report.LostStripes,
            Manifest = report.Manifest,
        };
    }

    private async Task<Failure?> DropAsync(CancellationToken cancellationToken)
    {
        if (await GrainFactory.DropAsync(Id, _state.Value!.File.Homes) is { } failure) return failure;
        Outcome<FileRecord> dropped = await _state.UpdateAsync(record => record! with { Revision = record.Revision + 1, IsDropped = true });
        await SaveToCatalogueAsync();
        return dropped.Failure;
    }

    // The catalogue follows the state. What it misses is repaired by the next change, or when the grain is activated again.
    private async Task SaveToCatalogueAsync(bool willHaveWork = false)
    {
        try
        {
            if (_state.Value is { } record)
                await _catalog.SaveFileAsync(record.File, record.Revision, deleted: record.DeletedAt is not null, unsettled: willHaveWork || record.HasWork);
        }
        catch (Exception exception)
        {
            LogCatalogueFailed(_logger, exception, Id);
        }
    }
}
