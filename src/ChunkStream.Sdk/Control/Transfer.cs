using ChunkStream.Core.Integrity;

namespace ChunkStream.Sdk.Control;

/// <summary>A transfer as <c>/api/v1/transfers</c> shows it.</summary>
public sealed record Transfer
{
    public required Guid Id { get; init; }
    public required Guid SessionId { get; init; }
    public required Guid FileId { get; init; }
    public required TransferDirection Direction { get; init; }
    public required TransferState State { get; init; }
    public required string Name { get; init; }
    public required long SizeBytes { get; init; }
    public required int ChunkBytes { get; init; }
    public required int DataShards { get; init; }
    public required int ParityShards { get; init; }
    public required TransferPriority Priority { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required long TotalChunks { get; init; }
    public required long CommittedChunks { get; init; }
    public required long CommittedBytes { get; init; }
    public required long RebuiltChunks { get; init; }
    public Digest? Blake3 { get; init; }

    /// <summary>Null unless the transfer failed or the network has stopped it: the failure's stable code and a sentence.</summary>
    public string? FailureCode { get; init; }
    public string? FailureMessage { get; init; }

    /// <summary>What went wrong, oldest first: the last 16, over or not. Null where nothing did, and in listings.</summary>
    public IReadOnlyList<TransferFailure>? Failures { get; init; }

    /// <summary>Completed or failed: nothing changes any more.</summary>
    public bool HasEnded => State is TransferState.Completed or TransferState.Failed;
}
