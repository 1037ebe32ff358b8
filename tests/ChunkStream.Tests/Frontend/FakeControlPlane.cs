using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Tests.Frontend;

/// <summary>The commands over <see cref="FakeService"/>, for one owner.</summary>
internal sealed class FakeControlPlane(FakeService service, string owner) : IControlPlane
{
    public FakeService Service => service;

    public string Owner => owner;

    public async Task<Opening> CreateTransferAsync(CreateTransfer request, CancellationToken cancellationToken)
    {
        await CallAsync($"create {request.Name}");
        return Open(service.AddTransfer(request.Name, owner) with { Direction = request.Direction, SizeBytes = request.SizeBytes, Priority = request.Priority });
    }

    public async Task<Opening> OpenTransferAsync(Guid transferId, CancellationToken cancellationToken)
    {
        await CallAsync("open");
        return Open(Find(transferId)) with { Existing = true };
    }

    public async Task<Transfer> GetTransferAsync(Guid transferId, CancellationToken cancellationToken)
    {
        await CallAsync("get");
        return Find(transferId);
    }

    public async Task<Page<Transfer>> ListTransfersAsync(TransferQuery query, CancellationToken cancellationToken)
    {
        await CallAsync($"list {query}");
        Transfer[] all = [.. service.Transfers.Where(pair => pair.Key.Owner == owner).Select(pair => pair.Value)
            .Where(transfer => query.State is null || transfer.State == query.State).OrderByDescending(transfer => transfer.Id)
            .Where(transfer => !Guid.TryParse(query.Cursor, out Guid after) || transfer.Id.CompareTo(after) < 0)];
        return new([.. all.Take(query.Limit)], all.Length > query.Limit ? all[query.Limit - 1].Id.ToString() : null);
    }

    public async Task<Session> GetSessionAsync(Guid transferId, CancellationToken cancellationToken)
    {
        await CallAsync("session");
        Transfer transfer = Find(transferId);
        return new()
        {
            Id = transfer.SessionId,
            TransferId = transfer.Id,
            Status = "active",
            StripeCount = 1,
            TotalChunks = 4,
            CommittedChunks = 2,
            CommittedBytes = 500,
            TotalBytes = 1300,
            Committed = [[0, 1], [], [0, 1], []],
            Failed = [[], [], [], []],
            Remaining = [[], [0, 1], [], [0, 1]],
            IsResumable = true,
            UpdatedAt = FakeService.Created,
        };
    }

    public Task<Transfer> PauseAsync(Guid transferId, CancellationToken cancellationToken) => SetAsync("pause", transferId, TransferState.Paused);

    public Task<Transfer> ResumeAsync(Guid transferId, CancellationToken cancellationToken) => SetAsync("resume", transferId, TransferState.Transferring);

    public async Task<Transfer> SetPriorityAsync(Guid transferId, TransferPriority priority, CancellationToken cancellationToken)
    {
        await CallAsync($"priority {priority}");
        return service.Transfers[(owner, transferId)] = Find(transferId) with { Priority = priority };
    }

    public async Task<Transfer> CancelAsync(Guid transferId, CancellationToken cancellationToken) =>
        (await SetAsync("cancel", transferId, TransferState.Failed)) with { FailureCode = "cancelled", FailureMessage = "Its owner cancelled it." };

    public async Task<Transfer> CompleteAsync(Guid transferId, Digest blake3, CancellationToken cancellationToken) =>
        (await SetAsync("complete", transferId, TransferState.Completed)) with { Blake3 = blake3 };

    public async Task<Transfer> FailAsync(Guid transferId, Failure failure, CancellationToken cancellationToken) =>
        (await SetAsync("fail", transferId, TransferState.Failed)) with { FailureCode = failure.Code.ToName(), FailureMessage = failure.Message };

    public async Task DeleteTransferAsync(Guid transferId, CancellationToken cancellationToken)
    {
        await CallAsync("forget");
        service.Transfers.TryRemove((owner, Find(transferId).Id), out _);
    }

    public async Task<StoredFile> GetFileAsync(Guid fileId, CancellationToken cancellationToken)
    {
        await CallAsync("get file");
        return service.Files.TryGetValue((owner, fileId), out var found) ? found.File : throw NoSuch("file", fileId);
    }

    public async Task<Page<StoredFile>> ListFilesAsync(FileQuery query, CancellationToken cancellationToken)
    {
        await CallAsync($"list {query}");
        return new([.. service.Files.Where(pair => pair.Key.Owner == owner).Select(pair => pair.Value.File).OrderByDescending(file => file.Id).Take(query.Limit)], null);
    }

    public async Task<Opening> OpenFileAsync(Guid fileId, CancellationToken cancellationToken)
    {
        StoredFile file = await GetFileAsync(fileId, cancellationToken);
        return Open(service.AddTransfer(file.Name, "nobody")) with { Blake3 = file.Blake3, ManifestDigest = file.ManifestDigest };
    }

    public async Task DeleteFileAsync(Guid fileId, CancellationToken cancellationToken)
    {
        await CallAsync("delete");
        if (!service.Files.TryRemove((owner, fileId), out _)) throw NoSuch("file", fileId);
    }

    public async Task<VerifyReport> VerifyFileAsync(Guid fileId, CancellationToken cancellationToken)
    {
        await GetFileAsync(fileId, cancellationToken);
        return FakeService.Report;
    }

    public async Task<IReadOnlyList<IntegrityCheck>> ListChecksAsync(Guid fileId, CancellationToken cancellationToken)
    {
        await GetFileAsync(fileId, cancellationToken);
        return [FakeService.Check];
    }

    public async Task<PathState> ReportPathAsync(PathReport report, CancellationToken cancellationToken)
    {
        await CallAsync("report");
        service.Reports.Enqueue(report);
        return State(report);
    }

    public async Task<IReadOnlyList<PathState>> ListPathsAsync(CancellationToken cancellationToken)
    {
        await CallAsync("paths");
        return [.. service.Reports.Select(State)];
    }

    public async Task<IReadOnlyList<GatewayState>> ListGatewaysAsync(CancellationToken cancellationToken)
    {
        await CallAsync("gateways");
        return [.. Enumerable.Range(0, service.GatewayCount).Select(i => new GatewayState(Gateway(i), 0, 100, 50))];
    }

    private Task CallAsync(string call)
    {
        service.Calls.Enqueue($"{owner}: {call}");
        return service.Failure is { } failure ? Task.FromException(failure) : Task.CompletedTask;
    }

    private async Task<Transfer> SetAsync(string call, Guid transferId, TransferState state)
    {
        await CallAsync(call);
        return service.Transfers[(owner, transferId)] = Find(transferId) with { State = state };
    }

    private Transfer Find(Guid transferId) =>
        service.Transfers.TryGetValue((owner, transferId), out Transfer? transfer) ? transfer : throw NoSuch("transfer", transferId);

    private static ChunkStreamException NoSuch(string kind, Guid id) => new(FailureCode.NotFound, $"There is no {kind} {id}.");

    private static Opening Open(Transfer transfer) => new()
    {
        Transfer = transfer,
        Parity = ParityMode.Full,
        Homes = ["gateway-0"],
        Gateways = [Gateway(0)],
        Ticket = "ticket",
        TicketExpiresAt = FakeService.Created.AddMinutes(15),
        Committed = [[0, 1], []],
    };

    private static GatewayAddress Gateway(int index) => new()
    {
        GatewayId = $"gateway-{index}",
        Endpoints = ["127.0.0.1:7071"],
        SpkiSha256 = [.. Enumerable.Range(0, 32).Select(i => (byte)i)],
        HasQuic = true,
    };

    private static PathState State(PathReport report) => new()
    {
        Key = report.Key,
        Status = "active",
        RoundTripMs = report.RoundTripMs ?? 0,
        BytesPerSecond = report.BytesPerSecond ?? 0,
        LossRate = report.LossRate,
        Bytes = report.Bytes,
        Chunks = report.Chunks,
        Failures = report.Failures,
        ResentChunks = report.ResentChunks,
        UpdatedAt = FakeService.Created,
    };
}
