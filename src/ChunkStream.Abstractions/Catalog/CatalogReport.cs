namespace ChunkStream.Abstractions.Catalog;

/// <summary>What a check of the catalogue found.</summary>
/// <param name="Compared">States of transfers and files that were compared with their rows.</param>
/// <param name="Mended">Rows that were missing, or weren't as the grain's state says, and now are.</param>
/// <param name="Removed">Rows of which no grain knew anything, and sessions without a transfer.</param>
/// <param name="Unreadable">States that can't be read; their rows were left alone.</param>
[GenerateSerializer, Immutable, Alias("chunkstream.catalog.report")]
public sealed record CatalogReport(
    [property: Id(0)] long Compared, [property: Id(1)] long Mended, [property: Id(2)] long Removed, [property: Id(3)] long Unreadable);
