using System.Runtime.CompilerServices;

namespace ChunkStream.Core.Erasure;

/// <summary>
/// Two vectors taken as one, so that a coefficient is loaded once for both and their sums don't wait for one another. A pair of pairs
/// is four.
/// </summary>
internal readonly unsafe struct PairArithmetic<TArithmetic, TVector, TOperand, TTable> : IVectorArithmetic<Pair<TVector>, Pair<TOperand>, TTable>
    where TArithmetic : struct, IVectorArithmetic<TVector, TOperand, TTable>
{
    public static bool IsSupported => TArithmetic.IsSupported;

    public static string Name => TArithmetic.Name;

    public static int VectorBytes => 2 * TArithmetic.VectorBytes;

    public static int TableBytes => TArithmetic.TableBytes;

    public static Pair<TVector> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(TArithmetic.Zero, TArithmetic.Zero);
    }

    public static void WriteTable(byte coefficient, Span<byte> table) => TArithmetic.WriteTable(coefficient, table);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TTable LoadTable(byte* table) => TArithmetic.LoadTable(table);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TOperand> LoadOperand(byte* source) =>
        new(TArithmetic.LoadOperand(source), TArithmetic.LoadOperand(source + TArithmetic.VectorBytes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Pair<TVector> value, byte* target)
    {
        TArithmetic.Store(value.First, target);
        TArithmetic.Store(value.Second, target + TArithmetic.VectorBytes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> MultiplyAdd(Pair<TVector> sum, TTable table, Pair<TOperand> operand) =>
        new(TArithmetic.MultiplyAdd(sum.First, table, operand.First), TArithmetic.MultiplyAdd(sum.Second, table, operand.Second));
}
