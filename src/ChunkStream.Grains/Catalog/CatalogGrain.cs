using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Paths;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Grains.Paths;
using Orleans.Concurrency;

namespace ChunkStream.Grains.Catalog;

[StatelessWorker, Reentrant]
[GrainType("chunkstream.catalog")]
internal sealed class CatalogGrain(CatalogStore catalog, TimeProvider time) : Grain, ICatalogGrain
{
    private const int MaxLimit = 1000;

    // A path that is in use is written at least this often, with some to spare.
    private static readonly TimeSpan InUse = PathGrain.WriteEvery * 2;

    public Task<Page<TransferInfo>> ListTransfersAsync(CatalogQuery query) => catalog.ListTransfersAsync(Bounded(query));

    public Task<Page<StoredFile>> ListFilesAsync(CatalogQuery query) => catalog.ListFilesAsync(Bounded(query));

    /// <summary>Paths in use as their grains know them, live; others as they were last written.</summary>
    public async Task<IReadOnlyList<PathInfo>> ListPathsAsync(string owner)
    {
        IReadOnlyList<PathInfo> written = await catalog.ListPathsAsync(owner);
        DateTimeOffset since = time.UtcNow() - InUse;
        return await Task.WhenAll(written.Select(path => path.UpdatedAt < since ? Task.FromResult(path) : LiveAsync(owner, path)));
    }

    private async Task<PathInfo> LiveAsync(string owner, PathInfo written) =>
        await GrainFactory.GetGrain<IPathGrain>(PathGrain.KeyOf(owner, written.Key)).GetAsync() ?? written;

    private static CatalogQuery Bounded(CatalogQuery query) => query with { Limit = Math.Clamp(query.Limit, 1, MaxLimit) };
}
