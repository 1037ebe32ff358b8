namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>Equally long nodes that lie at equal distances: leaves of a file, or pairs of chaining values.</summary>
internal unsafe struct LaneJob
{
    /// <summary>The first node's bytes.</summary>
    public byte* Input;

    /// <summary>From one node to the next: also its length, a multiple of a block.</summary>
    public int NodeBytes;

    /// <summary>What each node starts from: 8 words.</summary>
    public uint* Key;

    /// <summary>The first node's counter.</summary>
    public ulong Counter;

    /// <summary>By how much the counter grows from node to node: 1 for leaves, 0 for parents.</summary>
    public uint CounterStep;

    /// <summary>The flags of every block, and those that only the first and the last have besides.</summary>
    public uint Flags, FirstFlags, LastFlags;

    /// <summary>Where the chaining values go: 32 bytes a node. May be where the input is, if nodes are one block long.</summary>
    public byte* Output;

    public void Advance(int nodes)
    {
        Input += (nint)nodes * NodeBytes;
        Output += (nint)nodes * Digest.SizeBytes;
        Counter += (ulong)nodes * CounterStep;
    }
}
