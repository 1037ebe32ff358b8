using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;

namespace ChunkStream.KilledService;

/// <summary>The real shards of a file that is being received; written, flushing and flushed are kill points.</summary>
internal sealed class WatchedShardFiles(IShardFiles inner, KillPoint killPoint) : IShardFiles
{
    public Guid FileId => inner.FileId;

    public FileLayout Layout => inner.Layout;

    public async ValueTask WriteAsync(ChunkIndex index, Digest hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await inner.WriteAsync(index, hash, bytes, cancellationToken);
        killPoint.Reach("written");
    }

    public ValueTask<ChunkRead> ReadAsync(ChunkIndex index, Memory<byte> buffer, CancellationToken cancellationToken) =>
        inner.ReadAsync(index, buffer, cancellationToken);

    public ValueTask ReadHashesAsync(int shard, int firstStripe, Memory<Digest> hashes, CancellationToken cancellationToken) =>
        inner.ReadHashesAsync(shard, firstStripe, hashes, cancellationToken);

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        // What the group before recorded has been told by now.
        killPoint.Reach("flushing");
        await inner.FlushAsync(cancellationToken);
        killPoint.Reach("flushed");
    }

    public ValueTask WriteManifestAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        inner.WriteManifestAsync(write, cancellationToken);

    public Stream? OpenManifest() => inner.OpenManifest();

    public IEnumerable<Stream?> OpenManifests() => inner.OpenManifests();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
