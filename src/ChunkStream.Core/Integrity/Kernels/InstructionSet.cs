namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>How many nodes are compressed at once: one word of each in a vector.</summary>
internal enum InstructionSet
{
    /// <summary>One node, in general registers: the reference.</summary>
    Scalar,

    /// <summary>4 nodes a vector: SSE2 and up, Arm AdvSimd.</summary>
    Vector128,

    /// <summary>8 nodes a vector: AVX2.</summary>
    Vector256,

    /// <summary>16 nodes a vector: AVX-512.</summary>
    Vector512,
}
