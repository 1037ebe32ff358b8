using ChunkStream.Core.Layout;

namespace ChunkStream.Storage;

/// <summary>Where chunk bytes rest: volumes that hold the shards of files. Thread-safe.</summary>
public interface IShardStore
{
    /// <summary>The volumes and their room, measured now.</summary>
    IReadOnlyList<VolumeSpace> Volumes { get; }

    /// <summary>
    /// Opens a file's shards to write and read. Creates and preallocates what isn't there, and refuses with <c>store-full</c> where
    /// that doesn't fit. Everything that this leaves behind is as durable as a directory entry can be made.
    /// </summary>
    /// <param name="fileId">The file.</param>
    /// <param name="layout">Its layout; a file that is there with another layout is refused.</param>
    /// <param name="volumeIds">The volume of each shard: k + m entries, empty where a shard rests at another gateway.</param>
    /// <param name="cancellationToken">Leaves the files that were created; opening again goes on.</param>
    /// <exception cref="StoreException">A volume isn't there, is full, or fails.</exception>
    ValueTask<IShardFiles> CreateAsync(Guid fileId, FileLayout layout, IReadOnlyList<string> volumeIds, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a file's shards to read and repair. A shard file that isn't there reads as missing chunks and is made again when a
    /// chunk of it is written. So does a shard on a volume that isn't there, but writing to it is refused.
    /// </summary>
    /// <exception cref="StoreException">The file is there with another layout.</exception>
    ValueTask<IShardFiles> OpenAsync(Guid fileId, FileLayout layout, IReadOnlyList<string> volumeIds, CancellationToken cancellationToken);

    /// <summary>Deletes all of a file's shards on every volume. A file that isn't there is no failure.</summary>
    /// <exception cref="StoreException">A volume isn't there or fails; the other ones' shards are deleted.</exception>
    ValueTask DeleteAsync(Guid fileId, CancellationToken cancellationToken);

    /// <summary>The files that have anything on a volume, each once, in no order. Those that come or go meanwhile may be in it or not.</summary>
    /// <exception cref="StoreException">A volume isn't there or fails.</exception>
    IAsyncEnumerable<Guid> ListAsync(CancellationToken cancellationToken);
}
