using ChunkStream.Core.Layout;
using ChunkStream.Storage;

namespace ChunkStream.KilledService;

/// <summary>The real store, whose files reach kill points.</summary>
internal sealed class WatchedShardStore(IShardStore inner, KillPoint killPoint) : IShardStore
{
    public IReadOnlyList<VolumeSpace> Volumes => inner.Volumes;

    public async ValueTask<IShardFiles> CreateAsync(Guid fileId, FileLayout layout, IReadOnlyList<string> volumeIds, CancellationToken cancellationToken) =>
        new WatchedShardFiles(await inner.CreateAsync(fileId, layout, volumeIds, cancellationToken), killPoint);

    public ValueTask<IShardFiles> OpenAsync(Guid fileId, FileLayout layout, IReadOnlyList<string> volumeIds, CancellationToken cancellationToken) =>
        inner.OpenAsync(fileId, layout, volumeIds, cancellationToken);

    public ValueTask DeleteAsync(Guid fileId, CancellationToken cancellationToken) => inner.DeleteAsync(fileId, cancellationToken);

    public IAsyncEnumerable<Guid> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);
}
