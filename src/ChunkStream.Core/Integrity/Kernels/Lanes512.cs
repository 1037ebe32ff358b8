using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>16 lanes: AVX-512, which has an instruction that rotates.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<uint>>
{
    public static int Count => Vector512<uint>.Count;

    public static Vector512<uint> Indices => Vector512<uint>.Indices;

    public static Vector512<uint> Broadcast(uint value) => Vector512.Create(value);
    public static Vector512<uint> Load(uint* aligned) => Vector512.LoadAligned(aligned);
    public static void Store(Vector512<uint> value, uint* aligned) => value.StoreAligned(aligned);
    public static Vector512<uint> Add(Vector512<uint> a, Vector512<uint> b) => a + b;
    public static Vector512<uint> Xor(Vector512<uint> a, Vector512<uint> b) => a ^ b;
    public static Vector512<uint> RotateRight16(Vector512<uint> value) => Avx512F.RotateRight(value, 16);
    public static Vector512<uint> RotateRight12(Vector512<uint> value) => Avx512F.RotateRight(value, 12);
    public static Vector512<uint> RotateRight8(Vector512<uint> value) => Avx512F.RotateRight(value, 8);
    public static Vector512<uint> RotateRight7(Vector512<uint> value) => Avx512F.RotateRight(value, 7);
    public static Vector512<uint> InterleaveLow(Vector512<uint> a, Vector512<uint> b) => Avx512F.UnpackLow(a, b);
    public static Vector512<uint> InterleaveHigh(Vector512<uint> a, Vector512<uint> b) => Avx512F.UnpackHigh(a, b);

    public static Vector512<uint> InterleavePairsLow(Vector512<uint> a, Vector512<uint> b) =>
        Avx512F.UnpackLow(a.AsUInt64(), b.AsUInt64()).AsUInt32();

    public static Vector512<uint> InterleavePairsHigh(Vector512<uint> a, Vector512<uint> b) =>
        Avx512F.UnpackHigh(a.AsUInt64(), b.AsUInt64()).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> LoadQuads(byte* first, nint strideBytes) => Vector512.Create(
        Lanes256.LoadQuads(first, strideBytes), Lanes256.LoadQuads(first + 2 * strideBytes, strideBytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreQuads(Vector512<uint> value, byte* first, nint strideBytes)
    {
        Lanes256.StoreQuads(value.GetLower(), first, strideBytes);
        Lanes256.StoreQuads(value.GetUpper(), first + 2 * strideBytes, strideBytes);
    }

    /// <summary>By halves of a block: 48 shuffles, and half of the exchange of quads is done by the loads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransposeBlock(byte* input, nint nodeBytes, byte* message, int rowBytes)
    {
        const byte evenQuads = 0b10_00_10_00, oddQuads = 0b11_01_11_01;
        for (int word = 0; word < Block.WordCount; word += 8, input += 8 * sizeof(uint), message += 8 * rowBytes)
        {
            var (a0, a1, a2, a3) = TransposeHalfOfEightNodes(input, nodeBytes);
            var (b0, b1, b2, b3) = TransposeHalfOfEightNodes(input + 8 * nodeBytes, nodeBytes);
            Store(Avx512F.Shuffle4x128(a0, b0, evenQuads), (uint*)message);
            Store(Avx512F.Shuffle4x128(a1, b1, evenQuads), (uint*)(message + rowBytes));
            Store(Avx512F.Shuffle4x128(a2, b2, evenQuads), (uint*)(message + 2 * rowBytes));
            Store(Avx512F.Shuffle4x128(a3, b3, evenQuads), (uint*)(message + 3 * rowBytes));
            Store(Avx512F.Shuffle4x128(a0, b0, oddQuads), (uint*)(message + 4 * rowBytes));
            Store(Avx512F.Shuffle4x128(a1, b1, oddQuads), (uint*)(message + 5 * rowBytes));
            Store(Avx512F.Shuffle4x128(a2, b2, oddQuads), (uint*)(message + 6 * rowBytes));
            Store(Avx512F.Shuffle4x128(a3, b3, oddQuads), (uint*)(message + 7 * rowBytes));
        }
    }

    /// <summary>Of each result the even quads have word i of the eight nodes, and the odd ones word 4 + i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<uint>, Vector512<uint>, Vector512<uint>, Vector512<uint>) TransposeHalfOfEightNodes(
        byte* input, nint nodeBytes) =>
        Transposition<Vector512<uint>, Lanes512>.Quads(
            Vector512.Create(Vector256.Load((uint*)input), Vector256.Load((uint*)(input + 4 * nodeBytes))),
            Vector512.Create(Vector256.Load((uint*)(input + nodeBytes)), Vector256.Load((uint*)(input + 5 * nodeBytes))),
            Vector512.Create(Vector256.Load((uint*)(input + 2 * nodeBytes)), Vector256.Load((uint*)(input + 6 * nodeBytes))),
            Vector512.Create(Vector256.Load((uint*)(input + 3 * nodeBytes)), Vector256.Load((uint*)(input + 7 * nodeBytes))));
}
