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

    /// <summary>Bytes of the committed chunks and of all chunks, parity included.</summary>
    public required long CommittedBytes { get; init; }
    public required long TotalBytes { get; init; }

    /// <summary>For each shard, the stripes that are committed, as alternating starts and ends.</summary>
    public required IReadOnlyList<int[]> Committed { get; init; }

    /// <summary>The same of the chunks that failed and haven't arrived since.</summary>
    public required IReadOnlyList<int[]> Failed { get; init; }

    /// <summary>The same of the chunks that aren't committed: what is left to send. Any k of a stripe are enough.</summary>
    public required IReadOnlyList<int[]> Remaining { get; init; }

    /// <summary>Whether sending can go on, and why not where it can't.</summary>
    public required bool IsResumable { get; init; }
    public string? NotResumableBecause { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}
