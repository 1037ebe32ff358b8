using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>4 lanes: SSE2 and up, Arm AdvSimd.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<uint>>
{
    public static int Count => Vector128<uint>.Count;

    public static Vector128<uint> Indices => Vector128<uint>.Indices;

    public static Vector128<uint> Broadcast(uint value) => Vector128.Create(value);
    public static Vector128<uint> Load(uint* aligned) => Vector128.LoadAligned(aligned);
    public static void Store(Vector128<uint> value, uint* aligned) => value.StoreAligned(aligned);
    public static Vector128<uint> Add(Vector128<uint> a, Vector128<uint> b) => a + b;
    public static Vector128<uint> Xor(Vector128<uint> a, Vector128<uint> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateRight16(Vector128<uint> value)
    {
        if (Avx512F.VL.IsSupported) return Avx512F.VL.RotateRight(value, 16);
        if (AdvSimd.IsSupported) return AdvSimd.ReverseElement16(value);
        return Vector128.Shuffle(value.AsByte(), Vector128.Create((byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateRight12(Vector128<uint> value)
    {
        if (Avx512F.VL.IsSupported) return Avx512F.VL.RotateRight(value, 12);
        if (AdvSimd.IsSupported) return AdvSimd.ShiftRightAndInsert(value << 20, value, 12);
        return (value >>> 12) | (value << 20);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateRight8(Vector128<uint> value)
    {
        if (Avx512F.VL.IsSupported) return Avx512F.VL.RotateRight(value, 8);
        return Vector128.Shuffle(value.AsByte(), Vector128.Create((byte)1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12)).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateRight7(Vector128<uint> value)
    {
        if (Avx512F.VL.IsSupported) return Avx512F.VL.RotateRight(value, 7);
        if (AdvSimd.IsSupported) return AdvSimd.ShiftRightAndInsert(value << 25, value, 7);
        return (value >>> 7) | (value << 25);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> InterleaveLow(Vector128<uint> a, Vector128<uint> b)
    {
        if (Sse2.IsSupported) return Sse2.UnpackLow(a, b);
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.ZipLow(a, b);
        return Vector128.Create(a[0], b[0], a[1], b[1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> InterleaveHigh(Vector128<uint> a, Vector128<uint> b)
    {
        if (Sse2.IsSupported) return Sse2.UnpackHigh(a, b);
        if (AdvSimd.Arm64.IsSupported) return AdvSimd.Arm64.ZipHigh(a, b);
        return Vector128.Create(a[2], b[2], a[3], b[3]);
    }

    public static Vector128<uint> InterleavePairsLow(Vector128<uint> a, Vector128<uint> b) =>
        Vector128.Create(a.GetLower(), b.GetLower());

    public static Vector128<uint> InterleavePairsHigh(Vector128<uint> a, Vector128<uint> b) =>
        Vector128.Create(a.GetUpper(), b.GetUpper());

    public static Vector128<uint> LoadQuads(byte* first, nint strideBytes) => Vector128.Load((uint*)first);
    public static void StoreQuads(Vector128<uint> value, byte* first, nint strideBytes) => value.Store((uint*)first);

    public static void TransposeBlock(byte* input, nint nodeBytes, byte* message, int rowBytes) =>
        Transposition<Vector128<uint>, Lanes128>.Block(input, nodeBytes, message, rowBytes);
}
