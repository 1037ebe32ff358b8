using ChunkStream.Abstractions.Gateways;
using ChunkStream.Core.Layout;

namespace ChunkStream.Abstractions.Transfers;

/// <summary>How a transfer is done. Fixed when the transfer is prepared; never changed afterwards.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.transfer.plan")]
public sealed record TransferPlan
{
    [Id(0)] public required Guid TransferId { get; init; }
    [Id(1)] public required Guid SessionId { get; init; }
    [Id(2)] public required Guid FileId { get; init; }
    [Id(3)] public required TransferDirection Direction { get; init; }
    [Id(4)] public required string Owner { get; init; }
    [Id(5)] public required string Name { get; init; }
    [Id(6)] public required FileLayout Layout { get; init; }
    [Id(7)] public required ParityMode Parity { get; init; }

    /// <summary>Where each shard rests: k + m entries.</summary>
    [Id(8)] public required IReadOnlyList<ShardHome> Homes { get; init; }
}
