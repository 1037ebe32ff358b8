namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>Fills 32 vector registers: for AVX-512, with vectors of any length, and for Arm64.</summary>
internal readonly struct TwoGroups : ILaneGroups
{
    public static int Count => 2;
}
