using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Paths;
using ChunkStream.Abstractions.Transfers;

namespace ChunkStream.Abstractions.Catalog;

/// <summary>Lists what there is, from the relational catalogue. Stateless: any key, any silo.</summary>
[Alias("chunkstream.ICatalogGrain")]
public interface ICatalogGrain : IGrainWithIntegerKey
{
    [Alias("ListTransfers")]
    Task<Page<TransferInfo>> ListTransfersAsync(CatalogQuery query);

    [Alias("ListFiles")]
    Task<Page<StoredFile>> ListFilesAsync(CatalogQuery query);

    [Alias("ListPaths")]
    Task<IReadOnlyList<PathInfo>> ListPathsAsync(string owner);
}
