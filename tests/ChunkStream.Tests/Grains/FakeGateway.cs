using System.Collections.Concurrent;
using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;

namespace ChunkStream.Tests.Grains;

/// <summary>A gateway that announces itself, does as it is told, and remembers what it was asked.</summary>
internal sealed class FakeGateway(string id = "gateway-1") : IGatewayControl
{
    public static readonly Digest ManifestDigest = TestFiles.Hash(0xEE);

    private IGatewayControl? _reference;

    public string Id { get; } = id;

    public ConcurrentQueue<(Guid TransferId, FailureCode Code)> ClosedLanes { get; } = [];

    public ConcurrentQueue<(Guid TransferId, TransferPriority Priority)> Priorities { get; } = [];

    public ConcurrentQueue<Guid> Dropped { get; } = [];

    public ConcurrentQueue<(TransferPlan Plan, long CommittedChunks)> Assembled { get; } = [];

    /// <summary>What an assembly answers. As it is: the hash that most tests send.</summary>
    public Func<TransferPlan, Task<Outcome<AssemblyReport>>> OnAssemble { get; set; } =
        _ => Task.FromResult<Outcome<AssemblyReport>>(new AssemblyReport(TestFiles.Hash(1), ManifestDigest, RebuiltChunks: 3));

    public Func<Guid, Outcome<HealthReport>> OnVerify { get; set; } = _ => new HealthReport(16, 0, 0, 0);

    /// <summary>Whether a lane of a transfer is open. As it is: there always is.</summary>
    public Func<Guid, bool> OnHasLanes { get; set; } = _ => true;

    public Action OnDrop { get; set; } = () => { };

    public Task AnnounceAsync(IGrainFactory grains, long freeBytes = 1L << 40, int volumes = 2)
    {
        _reference ??= grains.CreateObjectReference<IGatewayControl>(this);
        return grains.GetGrain<IGatewayDirectoryGrain>(0).AnnounceAsync(new()
        {
            Address = new() { GatewayId = Id, Endpoints = ["127.0.0.1:7071"], SpkiSha256 = new byte[32], HasQuic = false },
            Volumes = [.. Enumerable.Range(1, volumes).Select(volume => new VolumeInfo($"volume-{volume}", 1L << 40, freeBytes))],
            OpenLanes = 0,
        }, _reference);
    }

    public Task LeaveAsync(IGrainFactory grains) => grains.GetGrain<IGatewayDirectoryGrain>(0).LeaveAsync(Id);

    public Task<Outcome<AssemblyReport>> AssembleAsync(TransferPlan plan, ChunkSet committed)
    {
        Assembled.Enqueue((plan, committed.Count));
        return OnAssemble(plan);
    }

    public Task<Outcome<HealthReport>> VerifyAsync(StoredFile file) => Task.FromResult(OnVerify(file.Id));

    public Task DropAsync(Guid fileId)
    {
        OnDrop();
        Dropped.Enqueue(fileId);
        return Task.CompletedTask;
    }

    public Task CloseLanesAsync(Guid transferId, FailureCode code)
    {
        ClosedLanes.Enqueue((transferId, code));
        return Task.CompletedTask;
    }

    public Task<bool> HasLanesAsync(Guid transferId) => Task.FromResult(OnHasLanes(transferId));

    public Task SetPriorityAsync(Guid transferId, TransferPriority priority)
    {
        Priorities.Enqueue((transferId, priority));
        return Task.CompletedTask;
    }
}
