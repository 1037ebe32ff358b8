using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;

namespace ChunkStream.Tests.Storage;

/// <summary>The files of a <see cref="FaultyShardStore"/>.</summary>
internal sealed class FaultyShardFiles(IShardFiles inner, FaultyShardStore store) : IShardFiles
{
    public Guid FileId => inner.FileId;

    public FileLayout Layout => inner.Layout;

    public async ValueTask WriteAsync(ChunkIndex index, Digest hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        FaultyShardStore.Throw(store.OnWrite?.Invoke(index));
        await inner.WriteAsync(index, hash, bytes, cancellationToken);
        store.CountWrite();
    }

    public async ValueTask<ChunkRead> ReadAsync(ChunkIndex index, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        FaultyShardStore.Throw(store.OnRead?.Invoke(index));
        return await inner.ReadAsync(index, buffer, cancellationToken);
    }

    public ValueTask ReadHashesAsync(int shard, int firstStripe, Memory<Digest> hashes, CancellationToken cancellationToken) =>
        inner.ReadHashesAsync(shard, firstStripe, hashes, cancellationToken);

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (store.BeforeFlush is { } before) await before();
        FaultyShardStore.Throw(store.OnFlush?.Invoke());
        await inner.FlushAsync(cancellationToken);
        store.CountFlush();
    }

    public ValueTask WriteManifestAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        inner.WriteManifestAsync(write, cancellationToken);

    public Stream? OpenManifest() => inner.OpenManifest();

    public IEnumerable<Stream?> OpenManifests() => inner.OpenManifests();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
