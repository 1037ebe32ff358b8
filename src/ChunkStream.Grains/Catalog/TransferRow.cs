using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;

namespace ChunkStream.Grains.Catalog;

/// <summary>A row of the table <c>transfers</c>.</summary>
internal sealed record TransferRow
{
    public const string Columns = """
        id AS Id, revision AS Revision, owner AS Owner, session_id AS SessionId, file_id AS FileId, direction AS Direction, state AS State,
        name AS Name, size_bytes AS SizeBytes, chunk_bytes AS ChunkBytes, data_shards AS DataShards, parity_shards AS ParityShards,
        priority AS Priority, created_at AS CreatedAt, updated_at AS UpdatedAt, committed_chunks AS CommittedChunks,
        committed_bytes AS CommittedBytes, content_hash AS ContentHash, failure_code AS FailureCode, failure_message AS FailureMessage,
        rebuilt_chunks AS RebuiltChunks, unsettled AS Unsettled
        """;

    public required string Id { get; init; }
    public long Revision { get; init; }
    public required string Owner { get; init; }
    public required string SessionId { get; init; }
    public required string FileId { get; init; }
    public int Direction { get; init; }
    public int State { get; init; }
    public required string Name { get; init; }
    public long SizeBytes { get; init; }
    public int ChunkBytes { get; init; }
    public int DataShards { get; init; }
    public int ParityShards { get; init; }
    public int Priority { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }
    public long CommittedChunks { get; init; }
    public long CommittedBytes { get; init; }
    public string? ContentHash { get; init; }
    public int FailureCode { get; init; }
    public string? FailureMessage { get; init; }
    public long RebuiltChunks { get; init; }
    public int Unsettled { get; init; }

    public static TransferRow From(TransferInfo transfer, long revision, bool unsettled) => new()
    {
        Id = transfer.Id.ToString("N"),
        Revision = revision,
        Owner = transfer.Owner,
        SessionId = transfer.SessionId.ToString("N"),
        FileId = transfer.FileId.ToString("N"),
        Direction = (int)transfer.Direction,
        State = (int)transfer.State,
        Name = transfer.Name,
        SizeBytes = transfer.SizeBytes,
        ChunkBytes = transfer.ChunkBytes,
        DataShards = transfer.DataShards,
        ParityShards = transfer.ParityShards,
        Priority = (int)transfer.Priority,
        CreatedAt = transfer.CreatedAt.ToUnixTimeMilliseconds(),
        UpdatedAt = transfer.UpdatedAt.ToUnixTimeMilliseconds(),
        CommittedChunks = transfer.CommittedChunks,
        CommittedBytes = transfer.CommittedBytes,
        ContentHash = transfer.ContentHash?.ToString(),
        FailureCode = (int)transfer.FailureCode,
        FailureMessage = transfer.FailureMessage,
        RebuiltChunks = transfer.RebuiltChunks,
        Unsettled = unsettled ? 1 : 0,
    };

    public TransferInfo ToInfo() => new()
    {
        Id = Guid.Parse(Id),
        SessionId = Guid.Parse(SessionId),
        FileId = Guid.Parse(FileId),
        Direction = (TransferDirection)Direction,
        State = (TransferState)State,
        Owner = Owner,
        Name = Name,
        SizeBytes = SizeBytes,
        ChunkBytes = ChunkBytes,
        DataShards = DataShards,
        ParityShards = ParityShards,
        Priority = (TransferPriority)Priority,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
        UpdatedAt = DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt),
        TotalChunks = new Core.Layout.FileLayout(SizeBytes, ChunkBytes, DataShards, ParityShards).ChunkCount,
        CommittedChunks = CommittedChunks,
        CommittedBytes = CommittedBytes,
        ContentHash = ContentHash is null ? null : Digest.Parse(ContentHash),
        FailureCode = (FailureCode)FailureCode,
        FailureMessage = FailureMessage,
        RebuiltChunks = RebuiltChunks,
    };
}
