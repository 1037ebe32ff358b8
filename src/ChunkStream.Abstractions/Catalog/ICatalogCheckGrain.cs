namespace ChunkStream.Abstractions.Catalog;

/// <summary>
/// Compares the catalogue with what the grains keep, and mends it: once a day by itself, and when it is called. One for a cluster: key 0.
/// </summary>
[Alias("chunkstream.ICatalogCheckGrain")]
public interface ICatalogCheckGrain : IGrainWithIntegerKey
{
    /// <summary>Compares everything now. A check that is under way is waited for in place of starting another.</summary>
    [Alias("Check"), ResponseTimeout("06:00:00")]
    Task<CatalogReport> CheckAsync();
}
