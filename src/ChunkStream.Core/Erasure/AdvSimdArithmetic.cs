using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace ChunkStream.Core.Erasure;

/// <summary>64-bit Arm: two table look-ups multiply 16 bytes.</summary>
internal readonly unsafe struct AdvSimdArithmetic : IVectorArithmetic<Vector128<byte>, NibbleOperand<Vector128<byte>>, NibbleTable<Vector128<byte>>>
{
    public static bool IsSupported => AdvSimd.Arm64.IsSupported;

    public static string Name => "advsimd";

    public static int VectorBytes => 16;

    public static int TableBytes => NibbleTables.SizeBytes;

    public static Vector128<byte> Zero => Vector128<byte>.Zero;

    public static void WriteTable(byte coefficient, Span<byte> table) => NibbleTables.Write(coefficient, table);

    public static NibbleTable<Vector128<byte>> LoadTable(byte* table) =>
        new(AdvSimd.LoadVector128(table), AdvSimd.LoadVector128(table + NibbleTables.HighOffsetBytes));

    public static NibbleOperand<Vector128<byte>> LoadOperand(byte* source)
    {
        Vector128<byte> value = AdvSimd.LoadVector128(source);
        return new(AdvSimd.And(value, Vector128.Create((byte)0x0F)), AdvSimd.ShiftRightLogical(value, 4));
    }

    public static void Store(Vector128<byte> value, byte* target) => AdvSimd.Store(target, value);

    public static Vector128<byte> MultiplyAdd(Vector128<byte> sum, NibbleTable<Vector128<byte>> table, NibbleOperand<Vector128<byte>> operand) =>
        sum ^ AdvSimd.Arm64.VectorTableLookup(table.Low, operand.Low) ^ AdvSimd.Arm64.VectorTableLookup(table.High, operand.High);
}
