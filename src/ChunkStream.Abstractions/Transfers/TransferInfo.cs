using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;

namespace ChunkStream.Abstractions.Transfers;

/// <summary>A transfer as people and listings see it.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.transfer.info")]
public sealed record TransferInfo
{
    [Id(0)] public required Guid Id { get; init; }
    [Id(1)] public required Guid SessionId { get; init; }
    [Id(2)] public required Guid FileId { get; init; }
    [Id(3)] public required TransferDirection Direction { get; init; }
    [Id(4)] public required TransferState State { get; init; }
    [Id(5)] public required string Owner { get; init; }
    [Id(6)] public required string Name { get; init; }
    [Id(7)] public required long SizeBytes { get; init; }
    [Id(8)] public required int ChunkBytes { get; init; }
    [Id(9)] public required int DataShards { get; init; }
    [Id(10)] public required int ParityShards { get; init; }
    [Id(11)] public required TransferPriority Priority { get; init; }
    [Id(12)] public required DateTimeOffset CreatedAt { get; init; }
    [Id(13)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Every chunk of the file, parity included.</summary>
    [Id(14)] public required long TotalChunks { get; init; }

    /// <summary>Chunks recorded as durable. While receiving: unknown to the service, 0.</summary>
    [Id(15)] public required long CommittedChunks { get; init; }

    [Id(16)] public required long CommittedBytes { get; init; }
    [Id(17)] public Digest? ContentHash { get; init; }
    [Id(18)] public FailureCode FailureCode { get; init; }
    [Id(19)] public string? FailureMessage { get; init; }

    /// <summary>Chunks that the gateway rebuilt from parity when the transfer completed.</summary>
    [Id(20)] public long RebuiltChunks { get; init; }

    /// <summary>What went wrong, oldest first: the last 16. Null where nothing did, and in listings.</summary>
    [Id(21)] public IReadOnlyList<TransferFailure>? Failures { get; init; }
}
