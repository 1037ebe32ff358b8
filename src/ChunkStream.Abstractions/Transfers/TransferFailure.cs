using ChunkStream.Core.Failures;

namespace ChunkStream.Abstractions.Transfers;

/// <summary>One thing that went wrong with a transfer.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.transfer.failure")]
public sealed record TransferFailure
{
    [Id(0)] public required DateTimeOffset At { get; init; }
    [Id(1)] public required FailureCode Code { get; init; }
    [Id(2)] public required string Message { get; init; }

    /// <summary>When the transfer went on; null while it doesn't, and where the failure ended it.</summary>
    [Id(3)] public DateTimeOffset? RecoveredAt { get; init; }
}
