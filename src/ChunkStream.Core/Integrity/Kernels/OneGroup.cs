namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>Fills 16 vector registers.</summary>
internal readonly struct OneGroup : ILaneGroups
{
    public static int Count => 1;
}
