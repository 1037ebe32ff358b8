using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChunkStream.Core.Erasure;

/// <summary>AVX-512 with GFNI: one instruction multiplies 64 bytes.</summary>
internal readonly unsafe struct Gfni512Arithmetic : IVectorArithmetic<Vector512<byte>, Vector512<byte>, Vector512<byte>>
{
    public static bool IsSupported => Gfni.V512.IsSupported && Avx512BW.IsSupported;

    public static string Name => "avx512-gfni";

    public static int VectorBytes => 64;

    public static int TableBytes => AffineTable.SizeBytes;

    public static Vector512<byte> Zero => Vector512<byte>.Zero;

    public static void WriteTable(byte coefficient, Span<byte> table) => AffineTable.Write(coefficient, table);

    public static Vector512<byte> LoadTable(byte* table) => Vector512.Create(*(ulong*)table).AsByte();

    public static Vector512<byte> LoadOperand(byte* source) => Vector512.Load(source);

    public static void Store(Vector512<byte> value, byte* target) => value.Store(target);

    public static Vector512<byte> MultiplyAdd(Vector512<byte> sum, Vector512<byte> table, Vector512<byte> operand) =>
        sum ^ Gfni.V512.GaloisFieldAffineTransform(operand, table, 0);
}
