using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChunkStream.Core.Erasure;

/// <summary>AVX-512 without GFNI: two shuffles multiply 64 bytes.</summary>
internal readonly unsafe struct Avx512Arithmetic : IVectorArithmetic<Vector512<byte>, NibbleOperand<Vector512<byte>>, NibbleTable<Vector512<byte>>>
{
    public static bool IsSupported => Avx512BW.IsSupported;

    public static string Name => "avx512";

    public static int VectorBytes => 64;

    public static int TableBytes => NibbleTables.SizeBytes;

    public static Vector512<byte> Zero => Vector512<byte>.Zero;

    public static void WriteTable(byte coefficient, Span<byte> table) => NibbleTables.Write(coefficient, table);

    public static NibbleTable<Vector512<byte>> LoadTable(byte* table) =>
        new(Avx512F.BroadcastVector128ToVector512((int*)table).AsByte(), Avx512F.BroadcastVector128ToVector512((int*)(table + NibbleTables.HighOffsetBytes)).AsByte());

    public static NibbleOperand<Vector512<byte>> LoadOperand(byte* source)
    {
        Vector512<byte> value = Vector512.Load(source);
        Vector512<byte> mask = Vector512.Create((byte)0x0F);
        return new(value & mask, (value.AsUInt16() >>> 4).AsByte() & mask);
    }

    public static void Store(Vector512<byte> value, byte* target) => value.Store(target);

    public static Vector512<byte> MultiplyAdd(Vector512<byte> sum, NibbleTable<Vector512<byte>> table, NibbleOperand<Vector512<byte>> operand) =>
        sum ^ Avx512BW.Shuffle(table.Low, operand.Low) ^ Avx512BW.Shuffle(table.High, operand.High);
}
