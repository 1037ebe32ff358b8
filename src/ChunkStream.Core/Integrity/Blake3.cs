namespace ChunkStream.Core.Integrity;

/// <summary>BLAKE3.</summary>
public static class Blake3
{
}
