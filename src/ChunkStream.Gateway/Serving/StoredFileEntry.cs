using ChunkStream.Abstractions.Files;
using ChunkStream.Storage;

namespace ChunkStream.Gateway.Serving;

/// <summary>A stored file that lanes read from, and how many of them.</summary>
internal sealed class StoredFileEntry(StoredFile file, IShardFiles files)
{
    public StoredFile File => file;

    public IShardFiles Files => files;

    public Guid Incarnation { get; } = Guid.NewGuid();

    public int Leases { get; set; }
}
