using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Verification;

namespace ChunkStream.Storage;

/// <summary>What a read found at a chunk's place.</summary>
/// <param name="Chunk">Verified against the hash that is kept beside it; zero where none is.</param>
public readonly record struct ChunkRead(ChunkVerification Chunk)
{
    public bool IsGood => Chunk.IsGood;

    public ChunkCondition Condition => Chunk.Finding switch
    {
        ChunkFinding.Good => ChunkCondition.Good,
        ChunkFinding.Missing => ChunkCondition.Missing,
        _ => ChunkCondition.Bad,
    };

    /// <summary>The chunk's hash where it is good, otherwise zero.</summary>
    public Digest Hash => IsGood ? Chunk.Found : default;
}
