namespace ChunkStream.Abstractions.Sessions;

/// <summary>A session in a listing. Its progress may be some seconds old; <see cref="Transfers.ITransferGrain.GetSessionAsync"/> tells the latest.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.session.summary")]
public sealed record SessionSummary
{
    [Id(0)] public required Guid Id { get; init; }
    [Id(1)] public required Guid TransferId { get; init; }
    [Id(2)] public required string Name { get; init; }
    [Id(3)] public required SessionStatus Status { get; init; }
    [Id(4)] public required long TotalChunks { get; init; }
    [Id(5)] public required long CommittedChunks { get; init; }
    [Id(6)] public required long CommittedBytes { get; init; }
    [Id(7)] public required DateTimeOffset CreatedAt { get; init; }
    [Id(8)] public required DateTimeOffset UpdatedAt { get; init; }
}
