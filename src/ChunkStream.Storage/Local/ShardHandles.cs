using Microsoft.Win32.SafeHandles;

namespace ChunkStream.Storage.Local;

/// <summary>A shard's two open files.</summary>
internal sealed record ShardHandles(SafeFileHandle Data, SafeFileHandle Hashes) : IDisposable
{
    public void Dispose()
    {
        Data.Dispose();
        Hashes.Dispose();
    }
}
