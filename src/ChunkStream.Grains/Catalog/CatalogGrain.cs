using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Paths;
using ChunkStream.Abstractions.Transfers;
using Orleans.Concurrency;

namespace ChunkStream.Grains.Catalog;

[StatelessWorker, Reentrant]
[GrainType("chunkstream.catalog")]
internal sealed class CatalogGrain(CatalogStore catalog) : Grain, ICatalogGrain
{
    private const int MaxLimit = 1000;

    public Task<Page<TransferInfo>> ListTransfersAsync(CatalogQuery query) => catalog.ListTransfersAsync(Bounded(query));

    public Task<Page<StoredFile>> ListFilesAsync(CatalogQuery query) => catalog.ListFilesAsync(Bounded(query));

    public Task<IReadOnlyList<PathInfo>> ListPathsAsync(string owner) => catalog.ListPathsAsync(owner);

    private static CatalogQuery Bounded(CatalogQuery query) => query with { Limit = Math.Clamp(query.Limit, 1, MaxLimit) };
}
