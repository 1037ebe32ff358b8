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
}
