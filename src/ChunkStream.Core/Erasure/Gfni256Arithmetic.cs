using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace ChunkStream.Core.Erasure;

/// <summary>AVX2 with GFNI, as processors without AVX-512 have it.</summary>
internal readonly unsafe struct Gfni256Arithmetic : IVectorArithmetic<Vector256<byte>, Vector256<byte>, Vector256<byte>>
{
    public static bool IsSupported => Gfni.V256.IsSupported && Avx2.IsSupported;

    public static string Name => "avx2-gfni";

    public static int VectorBytes => 32;

    public static int TableBytes => AffineTable.SizeBytes;

    public static Vector256<byte> Zero => Vector256<byte>.Zero;

    public static void WriteTable(byte coefficient, Span<byte> table) => AffineTable.Write(coefficient, table);

    public static Vector256<byte> LoadTable(byte* table) => Vector256.Create(*(ulong*)table).AsByte();

    public static Vector256<byte> LoadOperand(byte* source) => Vector256.Load(source);

    public static void Store(Vector256<byte> value, byte* target) => value.Store(target);

    public static Vector256<byte> MultiplyAdd(Vector256<byte> sum, Vector256<byte> table, Vector256<byte> operand) =>
        sum ^ Gfni.V256.GaloisFieldAffineTransform(operand, table, 0);
}
