using System.Runtime.Intrinsics;

namespace ChunkStream.Core.Erasure;

/// <summary>The kernels that this machine can run, and the one that is used.</summary>
internal static class ErasureKernels
{
    /// <summary>Fastest first. The last one is the scalar reference.</summary>
    public static IReadOnlyList<ErasureKernel> Supported { get; } = [.. All()];

    // Lazy, so that a failed self-test is told to each caller as what it is.
    private static readonly Lazy<ErasureKernel> s_chosen = new(() =>
    {
        ErasureKernel kernel = Supported[0];
        ErasureSelfTest.Run(kernel);
        return kernel;
    });

    /// <summary>The fastest, after it has passed <see cref="ErasureSelfTest"/>.</summary>
    /// <exception cref="InvalidOperationException">It didn't pass.</exception>
    public static ErasureKernel Chosen => s_chosen.Value;

    private static IEnumerable<ErasureKernel> All()
    {
        if (Gfni512Arithmetic.IsSupported)
            yield return new VectorKernel<Gfni512Arithmetic, Vector512<byte>, Vector512<byte>, Vector512<byte>>();
        if (Gfni256Arithmetic.IsSupported)
            yield return new VectorKernel<Gfni256Arithmetic, Vector256<byte>, Vector256<byte>, Vector256<byte>>();
        if (Avx512Arithmetic.IsSupported)
            yield return new VectorKernel<Avx512Arithmetic, Vector512<byte>, NibbleOperand<Vector512<byte>>, NibbleTable<Vector512<byte>>>();
        if (Avx2Arithmetic.IsSupported)
            yield return new VectorKernel<Avx2Arithmetic, Vector256<byte>, NibbleOperand<Vector256<byte>>, NibbleTable<Vector256<byte>>>();
        if (Ssse3Arithmetic.IsSupported)
            yield return new VectorKernel<Ssse3Arithmetic, Vector128<byte>, NibbleOperand<Vector128<byte>>, NibbleTable<Vector128<byte>>>();
        if (AdvSimdArithmetic.IsSupported)
            yield return new VectorKernel<AdvSimdArithmetic, Vector128<byte>, NibbleOperand<Vector128<byte>>, NibbleTable<Vector128<byte>>>();
        yield return new ScalarKernel();
    }
}
