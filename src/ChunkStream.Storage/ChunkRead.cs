using ChunkStream.Core.Integrity;

namespace ChunkStream.Storage;

/// <summary>What a read found, and the hash that the bytes were found to have where they are good.</summary>
public readonly record struct ChunkRead(ChunkCondition Condition, Digest Hash)
{
    public bool IsGood => Condition == ChunkCondition.Good;
}
