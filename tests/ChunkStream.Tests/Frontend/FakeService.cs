using System.Collections.Concurrent;
using ChunkStream.Core.Integrity;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Tests.Frontend;

/// <summary>What stands behind a frontend under test: files and transfers in memory, and a failure to answer with.</summary>
internal sealed class FakeService
{
    public static readonly DateTimeOffset Created = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>What a verification finds: two bad chunks, one of them described, and a manifest that had to be written anew.</summary>
    public static readonly VerifyReport Report = new(13, 2, 2, 0)
    {
        Bad = [new(3, 0, 3, 196608, "hashWrong", 65536, 65536, Blake3.Hash([1]), Blake3.Hash([2]))],
        Manifest = "rewritten",
        ManifestProblem = "The manifest ends\nafter 5 of 6 bytes.",
    };

    public static readonly IntegrityCheck Check = new()
    {
        CheckedAt = Created.AddDays(1),
        Passed = true,
        ExpectedBytes = 7,
        FoundBytes = 7,
        ExpectedHash = Blake3.Hash([1]),
        FoundHash = Blake3.Hash([1]),
        CheckedChunks = 13,
        BadChunks = 2,
        RebuiltChunks = 2,
        LostStripes = 0,
        Manifest = "rewritten",
    };

    public ConcurrentDictionary<(string Owner, Guid Id), Transfer> Transfers { get; } = [];
    public ConcurrentDictionary<(string Owner, Guid Id), (StoredFile File, byte[] Bytes)> Files { get; } = [];
    public ConcurrentQueue<string> Calls { get; } = [];
    public ConcurrentQueue<PathReport> Reports { get; } = [];
    public ConcurrentQueue<string> SentFrom { get; } = [];

    /// <summary>What every command throws, where it isn't null.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What moving bytes throws after this many, where it isn't null.</summary>
    public (int AfterBytes, ChunkStreamException Exception)? ByteFailure { get; set; }

    public int GatewayCount { get; set; } = 1;

    public void Reset()
    {
        Transfers.Clear();
        Files.Clear();
        Calls.Clear();
        Reports.Clear();
        SentFrom.Clear();
        (Failure, ByteFailure, GatewayCount) = (null, null, 1);
    }

    public StoredFile AddFile(byte[] bytes, string name = "file.bin", string owner = "local")
    {
        var file = new StoredFile
        {
            Id = Guid.CreateVersion7(),
            Name = name,
            SizeBytes = bytes.Length,
            Blake3 = Blake3.Hash(bytes),
            ManifestDigest = Blake3.Hash([1, 2, 3]),
            ChunkBytes = 65536,
            DataShards = 10,
            ParityShards = 3,
            Health = "healthy",
            CreatedAt = Created,
        };
        Files[(owner, file.Id)] = (file, bytes);
        return file;
    }

    public Transfer AddTransfer(string name = "file.bin", string owner = "local", TransferState state = TransferState.Transferring)
    {
        var transfer = new Transfer
        {
            Id = Guid.CreateVersion7(),
            SessionId = Guid.CreateVersion7(),
            FileId = Guid.CreateVersion7(),
            Direction = TransferDirection.Send,
            State = state,
            Name = name,
            SizeBytes = 1000,
            ChunkBytes = 65536,
            DataShards = 10,
            ParityShards = 3,
            Priority = TransferPriority.Normal,
            CreatedAt = Created,
            UpdatedAt = Created,
            TotalChunks = 4,
            CommittedChunks = 2,
            CommittedBytes = 500,
            RebuiltChunks = 0,
        };
        Transfers[(owner, transfer.Id)] = transfer;
        return transfer;
    }
}
