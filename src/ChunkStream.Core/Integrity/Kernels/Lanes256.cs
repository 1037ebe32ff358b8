using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>8 lanes: AVX2.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<uint>>
{
    public static int Count => Vector256<uint>.Count;

    public static Vector256<uint> Indices => Vector256<uint>.Indices;

    public static Vector256<uint> Broadcast(uint value) => Vector256.Create(value);
    public static Vector256<uint> Load(uint* aligned) => Vector256.LoadAligned(aligned);
    public static void Store(Vector256<uint> value, uint* aligned) => value.StoreAligned(aligned);
    public static Vector256<uint> Add(Vector256<uint> a, Vector256<uint> b) => a + b;
    public static Vector256<uint> Xor(Vector256<uint> a, Vector256<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateRight16(Vector256<uint> value)
    {
        if (Avx512F.VL.IsSupported) return Avx512F.VL.RotateRight(value, 16);
        Vector128<byte> quad = Vector128.Create((byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
        return Avx2.Shuffle(value.AsByte(), Vector256.Create(quad, quad)).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateRight12(Vector256<uint> value) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateRight(value, 12) : (value >>> 12) | (value << 20);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateRight8(Vector256<uint> value)
    {
        if (Avx512F.VL.IsSupported) return Avx512F.VL.RotateRight(value, 8);
        Vector128<byte> quad = Vector128.Create((byte)1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
        return Avx2.Shuffle(value.AsByte(), Vector256.Create(quad, quad)).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateRight7(Vector256<uint> value) =>
        Avx512F.VL.IsSupported ? Avx512F.VL.RotateRight(value, 7) : (value >>> 7) | (value << 25);

    public static Vector256<uint> InterleaveLow(Vector256<uint> a, Vector256<uint> b) => Avx2.UnpackLow(a, b);
    public static Vector256<uint> InterleaveHigh(Vector256<uint> a, Vector256<uint> b) => Avx2.UnpackHigh(a, b);

    public static Vector256<uint> InterleavePairsLow(Vector256<uint> a, Vector256<uint> b) =>
        Avx2.UnpackLow(a.AsUInt64(), b.AsUInt64()).AsUInt32();

    public static Vector256<uint> InterleavePairsHigh(Vector256<uint> a, Vector256<uint> b) =>
        Avx2.UnpackHigh(a.AsUInt64(), b.AsUInt64()).AsUInt32();

    public static Vector256<uint> LoadQuads(byte* first, nint strideBytes) =>
        Vector256.Create(Vector128.Load((uint*)first), Vector128.Load((uint*)(first + strideBytes)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreQuads(Vector256<uint> value, byte* first, nint strideBytes)
    {
        value.GetLower().Store((uint*)first);
        value.GetUpper().Store((uint*)(first + strideBytes));
    }

    public static void TransposeBlock(byte* input, nint nodeBytes, byte* message, int rowBytes) =>
        Transposition<Vector256<uint>, Lanes256>.Block(input, nodeBytes, message, rowBytes);
}
