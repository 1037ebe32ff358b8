using ChunkStream.Abstractions.Catalog;

namespace ChunkStream.Abstractions.Sessions;

/// <summary>A page of an owner's sessions, newest first.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.session.query")]
public sealed record SessionQuery
{
    [Id(0)] public required string Owner { get; init; }

    /// <summary>Null: any.</summary>
    [Id(1)] public SessionStatus? Status { get; init; }

    /// <summary>Only sessions of transfers behind this place: <see cref="Page{T}.Next"/> of the page before. Null: the first page.</summary>
    [Id(2)] public CatalogCursor? After { get; init; }

    /// <summary>1 to 1,000; default 100.</summary>
    [Id(3)] public int Limit { get; init; } = 100;
}
