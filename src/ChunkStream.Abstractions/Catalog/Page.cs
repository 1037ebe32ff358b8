namespace ChunkStream.Abstractions.Catalog;

/// <summary>A page of a listing. <paramref name="Next"/> is what the next page's query takes as its cursor; null on the last page.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.catalog.page`1")]
public sealed record Page<T>([property: Id(0)] IReadOnlyList<T> Items, [property: Id(1)] CatalogCursor? Next);
