using ChunkStream.Abstractions.Sessions;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk.Control;
using ChunkStream.Tests.Core.Layout;
using ChunkStream.Tests.Storage;

namespace ChunkStream.Tests.Gateway;

/// <summary>A transfer that a test sends by hand: its opening and its file's chunks. The parity isn't real parity: nobody looks.</summary>
internal sealed class GatewayTransfer
{
    private readonly GatewayService _service;
    private readonly SampleFile _file;

    public GatewayTransfer(GatewayService service, Opening opening)
    {
        (_service, Opening) = (service, opening);
        Transfer transfer = opening.Transfer;
        Layout = new(transfer.SizeBytes, transfer.ChunkBytes, transfer.DataShards, transfer.ParityShards);
        Chunks = Layouts.ChunksOf(Layout);
        _file = new(Layout);
    }

    public Opening Opening { get; }

    public Guid Id => Opening.Transfer.Id;

    public string Ticket => Opening.Ticket;

    public FileLayout Layout { get; }

    public ChunkIndex[] Chunks { get; }

    public byte[] Bytes(ChunkIndex index) => _file.Bytes(index);

    public Digest Hash(ChunkIndex index) => _file.Hash(index);

    /// <summary>The file's, of its data chunks.</summary>
    public Digest ContentHash
    {
        get
        {
            var merger = new SubtreeMerger(Layout.SizeBytes, Layout.ChunkBytes);
            foreach (ChunkIndex index in Chunks.Where(index => !Layout.IsParity(index)))
                merger.Add((long)index.Stripe * Layout.DataShards + index.Shard, Hash(index));
            return merger.Root();
        }
    }

    /// <summary>What the session has recorded.</summary>
    public async Task<ChunkIndex[]> CommittedAsync() => [.. Layouts.Members((await SessionAsync()).Committed).Order()];

    public async Task<SessionInfo> SessionAsync() => (await _service.Session(Opening.Transfer.SessionId).GetAsync()).Value!;
}
