namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>How many groups of lanes a kernel interleaves: a constant to the compiler.</summary>
internal interface ILaneGroups
{
    static abstract int Count { get; }
}
