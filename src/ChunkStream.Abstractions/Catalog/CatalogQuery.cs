using ChunkStream.Abstractions.Transfers;

namespace ChunkStream.Abstractions.Catalog;

/// <summary>A page of a listing: newest first, or by name where a prefix of names is asked for. Nulls don't filter.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.catalog.query")]
public sealed record CatalogQuery
{
    [Id(0)] public required string Owner { get; init; }

    /// <summary>Only for transfers.</summary>
    [Id(1)] public TransferState? State { get; init; }

    /// <summary>Only for transfers.</summary>
    [Id(2)] public TransferDirection? Direction { get; init; }

    // 3 was the cursor while it was an id.

    /// <summary>1 to 1,000; default 100.</summary>
    [Id(4)] public int Limit { get; init; } = 100;

    /// <summary>Only what comes behind this place: <see cref="Page{T}.Next"/> of the page before. Null: the first page.</summary>
    [Id(5)] public CatalogCursor? After { get; init; }

    /// <summary>Only for transfers.</summary>
    [Id(6)] public TransferPriority? Priority { get; init; }

    /// <summary>Only names that begin so, upper and lower case told apart; empty: any name, in the order of names.</summary>
    [Id(7)] public string? NamePrefix { get; init; }

    /// <summary>Only what was created then or later, by the time that its id carries.</summary>
    [Id(8)] public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Only what was created earlier, by the time that its id carries.</summary>
    [Id(9)] public DateTimeOffset? CreatedBefore { get; init; }
}
