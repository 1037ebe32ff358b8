using ChunkStream.Abstractions.Transfers;

namespace ChunkStream.Abstractions.Catalog;

/// <summary>A page of a listing, newest first.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.catalog.query")]
public sealed record CatalogQuery
{
    [Id(0)] public required string Owner { get; init; }

    /// <summary>Null: any state. Only for transfers.</summary>
    [Id(1)] public TransferState? State { get; init; }

    /// <summary>Null: both. Only for transfers.</summary>
    [Id(2)] public TransferDirection? Direction { get; init; }

    /// <summary>Only entries older than this one: the last id of the page before.</summary>
    [Id(3)] public Guid? After { get; init; }

    /// <summary>1 to 1,000; default 100.</summary>
    [Id(4)] public int Limit { get; init; } = 100;
}
