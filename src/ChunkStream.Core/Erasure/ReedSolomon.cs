namespace ChunkStream.Core.Erasure;

/// <summary>Reed-Solomon.</summary>
public sealed class ReedSolomon
{
}
