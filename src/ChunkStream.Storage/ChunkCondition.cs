namespace ChunkStream.Storage;

/// <summary>What a read found at a chunk's place.</summary>
public enum ChunkCondition
{
    /// <summary>The chunk, and its hash fits.</summary>
    Good,

    /// <summary>No shard file, or no hash: nothing was stored there.</summary>
    Missing,

    /// <summary>Bytes that don't fit their hash, or that the disk can't read: an erasure.</summary>
    Bad,
}
