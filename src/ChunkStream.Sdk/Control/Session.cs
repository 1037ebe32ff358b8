namespace ChunkStream.Sdk.Control;

/// <summary>The durable progress of a transfer, as <c>/api/v1/transfers/{id}/session</c> shows it.</summary>
public sealed record Session
{
    public required Guid Id { get; init; }
    public required Guid TransferId { get; init; }
    public required string Status { get; init; }
    public required int StripeCount { get; init; }
    public required long TotalChunks { get; init; }
    public required long CommittedChunks { get; init; }

    /// <summary>For each shard, the stripes that are committed, as alternating starts and ends.</summary>
    public required IReadOnlyList<int[]> Committed { get; init; }

    public required IReadOnlyList<int[]> Failed { get; init; }
    public required bool IsResumable { get; init; }
    public string? NotResumableBecause { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}
