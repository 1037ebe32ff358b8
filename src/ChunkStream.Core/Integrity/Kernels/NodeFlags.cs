namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>The domain separation flags of the BLAKE3 paper, section 2.2. A leaf is what the paper calls a chunk.</summary>
internal static class NodeFlags
{
    public const uint LeafStart = 1 << 0;
    public const uint LeafEnd = 1 << 1;
    public const uint Parent = 1 << 2;
    public const uint Root = 1 << 3;
    public const uint KeyedHash = 1 << 4;
    public const uint DeriveKeyContext = 1 << 5;
    public const uint DeriveKeyMaterial = 1 << 6;
}
