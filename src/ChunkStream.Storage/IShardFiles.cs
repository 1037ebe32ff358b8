using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;

namespace ChunkStream.Storage;

/// <summary>
/// The shards of one file: for each a file of chunks at <c>stripe × chunkBytes</c>, and a sidecar of 32-byte hashes. Thread-safe;
/// two writes to the same chunk at once are the caller's mistake.
/// </summary>
public interface IShardFiles : IAsyncDisposable
{
    Guid FileId { get; }

    FileLayout Layout { get; }

    /// <summary>
    /// Writes a chunk and its hash at their places. Not durable before <see cref="FlushAsync"/>. The bytes aren't verified here: the
    /// caller has done so.
    /// </summary>
    /// <exception cref="ArgumentException">The bytes aren't as many as the chunk's, or the hash is zero.</exception>
    /// <exception cref="StoreException">The volume is full or fails, or a flush failed before.</exception>
    ValueTask WriteAsync(ChunkIndex index, Digest hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Reads a chunk into <paramref name="buffer"/> (as long as the chunk) and verifies it against its hash.</summary>
    /// <exception cref="StoreException">The volume fails in another way than the chunk being missing or bad.</exception>
    ValueTask<ChunkRead> ReadAsync(ChunkIndex index, Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>
    /// Reads the hashes of one shard for consecutive stripes; zero where no chunk was stored or the disk can't read its hash. Those of
    /// chunks that aren't flushed yet are among them.
    /// </summary>
    /// <exception cref="StoreException">The volume fails in another way.</exception>
    ValueTask ReadHashesAsync(int shard, int firstStripe, Memory<Digest> hashes, CancellationToken cancellationToken);

    /// <summary>
    /// Makes every write that completed before this call durable: data, then hashes. Concurrent calls share one flush where they can.
    /// Cancelling stops the waiting, not the flush. Disposing flushes nothing.
    /// </summary>
    /// <exception cref="StoreException">
    /// It failed. Nothing since the last flush that returned counts as stored, and this set takes no more: open the file again.
    /// </exception>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Writes the manifest under a temporary name, flushes it, and renames it into place, on every volume that holds a shard.</summary>
    ValueTask WriteManifestAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>The manifest from the first volume that has it, or null.</summary>
    Stream? OpenManifest();

    /// <summary>Every volume's manifest, each opened as it is come to; null for a volume that doesn't have it or can't open it.</summary>
    IEnumerable<Stream?> OpenManifests();
}
