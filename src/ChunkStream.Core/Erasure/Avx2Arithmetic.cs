using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChunkStream.Core.Erasure;

/// <summary>AVX2: two shuffles multiply 32 bytes.</summary>
internal readonly unsafe struct Avx2Arithmetic : IVectorArithmetic<Vector256<byte>, NibbleOperand<Vector256<byte>>, NibbleTable<Vector256<byte>>>
{
    public static bool IsSupported => Avx2.IsSupported;

    public static string Name => "avx2";

    public static int VectorBytes => 32;

    public static int TableBytes => NibbleTables.SizeBytes;

    public static Vector256<byte> Zero => Vector256<byte>.Zero;

    public static void WriteTable(byte coefficient, Span<byte> table) => NibbleTables.Write(coefficient, table);

    public static NibbleTable<Vector256<byte>> LoadTable(byte* table) =>
        new(Avx2.BroadcastVector128ToVector256(table), Avx2.BroadcastVector128ToVector256(table + NibbleTables.HighOffsetBytes));

    public static NibbleOperand<Vector256<byte>> LoadOperand(byte* source)
    {
        Vector256<byte> value = Vector256.Load(source);
        Vector256<byte> mask = Vector256.Create((byte)0x0F);
        return new(value & mask, (value.AsUInt16() >>> 4).AsByte() & mask);
    }

    public static void Store(Vector256<byte> value, byte* target) => value.Store(target);

    public static Vector256<byte> MultiplyAdd(Vector256<byte> sum, NibbleTable<Vector256<byte>> table, NibbleOperand<Vector256<byte>> operand) =>
        sum ^ Avx2.Shuffle(table.Low, operand.Low) ^ Avx2.Shuffle(table.High, operand.High);
}
