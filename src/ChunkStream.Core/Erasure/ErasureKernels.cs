using System.Runtime.Intrinsics;

namespace ChunkStream.Core.Erasure;

/// <summary>The kernels that this machine can run, and the one that is used.</summary>
internal static class ErasureKernels
{
    /// <summary>Fastest first. The last one is the scalar reference.</summary>
    public static IReadOnlyList<ErasureKernel> Supported { get; } = All();

    // Lazy, so that a failed self-test is told to each caller as what it is.
    private static readonly Lazy<ErasureKernel> s_chosen = new(() => Choose(Supported));

    /// <summary>The fastest, after it has passed <see cref="ErasureSelfTest"/>.</summary>
    /// <exception cref="ErasureSelfTestException">It didn't pass.</exception>
    public static ErasureKernel Chosen => s_chosen.Value;

    /// <summary>A machine whose fastest kernel is wrong isn't trusted with another one.</summary>
    internal static ErasureKernel Choose(IReadOnlyList<ErasureKernel> supported)
    {
        ErasureSelfTest.Run(supported[0]);
        return supported[0];
    }

    private static List<ErasureKernel> All()
    {
        List<ErasureKernel> kernels = [];
        AddFour<Gfni512Arithmetic, Vector512<byte>, Vector512<byte>, Vector512<byte>>(kernels);
        AddTwo<Gfni256Arithmetic, Vector256<byte>, Vector256<byte>, Vector256<byte>>(kernels);
        AddFour<Avx512Arithmetic, Vector512<byte>, NibbleOperand<Vector512<byte>>, NibbleTable<Vector512<byte>>>(kernels);
        AddTwo<Avx2Arithmetic, Vector256<byte>, NibbleOperand<Vector256<byte>>, NibbleTable<Vector256<byte>>>(kernels);
        AddTwo<Ssse3Arithmetic, Vector128<byte>, NibbleOperand<Vector128<byte>>, NibbleTable<Vector128<byte>>>(kernels);
        AddFour<AdvSimdArithmetic, Vector128<byte>, NibbleOperand<Vector128<byte>>, NibbleTable<Vector128<byte>>>(kernels);
        kernels.Add(new ScalarKernel());
        return kernels;
    }

    // Two vectors of up to four outputs, with the operands and a table, fit 16 registers.
    private static void AddTwo<TArithmetic, TVector, TOperand, TTable>(List<ErasureKernel> kernels)
        where TArithmetic : struct, IVectorArithmetic<TVector, TOperand, TTable>
    {
        if (TArithmetic.IsSupported)
            kernels.Add(new VectorKernel<PairArithmetic<TArithmetic, TVector, TOperand, TTable>, Pair<TVector>, Pair<TOperand>, TTable>());
    }

    // Four fit 32 registers.
    private static void AddFour<TArithmetic, TVector, TOperand, TTable>(List<ErasureKernel> kernels)
        where TArithmetic : struct, IVectorArithmetic<TVector, TOperand, TTable> =>
        AddTwo<PairArithmetic<TArithmetic, TVector, TOperand, TTable>, Pair<TVector>, Pair<TOperand>, TTable>(kernels);
}
