using System.Runtime.CompilerServices;

namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>Between nodes that lie one after the other and vectors that hold one word of each.</summary>
internal static unsafe class Transposition<TVector, TLanes>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector>
{
    /// <summary>What <see cref="ILanes{TVector}.TransposeBlock"/> says, by quads of words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Block(byte* input, nint nodeBytes, byte* message, int rowBytes)
    {
        for (int word = 0; word < Kernels.Block.WordCount; word += 4, input += 4 * sizeof(uint), message += 4 * rowBytes)
        {
            (TVector w0, TVector w1, TVector w2, TVector w3) = Quads(
                TLanes.LoadQuads(input, 4 * nodeBytes),
                TLanes.LoadQuads(input + nodeBytes, 4 * nodeBytes),
                TLanes.LoadQuads(input + 2 * nodeBytes, 4 * nodeBytes),
                TLanes.LoadQuads(input + 3 * nodeBytes, 4 * nodeBytes));
            TLanes.Store(w0, (uint*)message);
            TLanes.Store(w1, (uint*)(message + rowBytes));
            TLanes.Store(w2, (uint*)(message + 2 * rowBytes));
            TLanes.Store(w3, (uint*)(message + 3 * rowBytes));
        }
    }

    /// <summary>Turns eight vectors of one word each, which lie one after the other, into one chaining value for each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Values(byte* words, byte* values)
    {
        for (int word = 0; word < ChainingValue.WordCount; word += 4, words += 4 * sizeof(TVector), values += 4 * sizeof(uint))
        {
            (TVector n0, TVector n1, TVector n2, TVector n3) = Quads(
                TLanes.Load((uint*)words),
                TLanes.Load((uint*)(words + sizeof(TVector))),
                TLanes.Load((uint*)(words + 2 * sizeof(TVector))),
                TLanes.Load((uint*)(words + 3 * sizeof(TVector))));
            TLanes.StoreQuads(n0, values, 4 * Digest.SizeBytes);
            TLanes.StoreQuads(n1, values + Digest.SizeBytes, 4 * Digest.SizeBytes);
            TLanes.StoreQuads(n2, values + 2 * Digest.SizeBytes, 4 * Digest.SizeBytes);
            TLanes.StoreQuads(n3, values + 3 * Digest.SizeBytes, 4 * Digest.SizeBytes);
        }
    }

    /// <summary>Transposes the 4 × 4 words that each quad of four vectors holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector, TVector, TVector, TVector) Quads(TVector v0, TVector v1, TVector v2, TVector v3)
    {
        TVector low01 = TLanes.InterleaveLow(v0, v1), high01 = TLanes.InterleaveHigh(v0, v1);
        TVector low23 = TLanes.InterleaveLow(v2, v3), high23 = TLanes.InterleaveHigh(v2, v3);
        return (TLanes.InterleavePairsLow(low01, low23), TLanes.InterleavePairsHigh(low01, low23),
            TLanes.InterleavePairsLow(high01, high23), TLanes.InterleavePairsHigh(high01, high23));
    }
}
