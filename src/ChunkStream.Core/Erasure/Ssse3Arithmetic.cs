using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChunkStream.Core.Erasure;

/// <summary>SSSE3: two shuffles multiply 16 bytes.</summary>
internal readonly unsafe struct Ssse3Arithmetic : IVectorArithmetic<Vector128<byte>, NibbleOperand<Vector128<byte>>, NibbleTable<Vector128<byte>>>
{
    public static bool IsSupported => Ssse3.IsSupported;

    public static string Name => "ssse3";

    public static int VectorBytes => 16;

    public static int TableBytes => NibbleTables.SizeBytes;

    public static Vector128<byte> Zero => Vector128<byte>.Zero;

    public static void WriteTable(byte coefficient, Span<byte> table) => NibbleTables.Write(coefficient, table);

    public static NibbleTable<Vector128<byte>> LoadTable(byte* table) =>
        new(Vector128.Load(table), Vector128.Load(table + NibbleTables.HighOffsetBytes));

    public static NibbleOperand<Vector128<byte>> LoadOperand(byte* source)
    {
        Vector128<byte> value = Vector128.Load(source);
        Vector128<byte> mask = Vector128.Create((byte)0x0F);
        return new(value & mask, (value.AsUInt16() >>> 4).AsByte() & mask);
    }

    public static void Store(Vector128<byte> value, byte* target) => value.Store(target);

    public static Vector128<byte> MultiplyAdd(Vector128<byte> sum, NibbleTable<Vector128<byte>> table, NibbleOperand<Vector128<byte>> operand) =>
        sum ^ Ssse3.Shuffle(table.Low, operand.Low) ^ Ssse3.Shuffle(table.High, operand.High);
}
