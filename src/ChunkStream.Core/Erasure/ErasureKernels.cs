namespace ChunkStream.Core.Erasure;

/// <summary>The kernels that this machine can run, and the one that is used.</summary>
internal static class ErasureKernels
{
    /// <summary>Fastest first. The last one is the scalar reference.</summary>
    public static IReadOnlyList<ErasureKernel> Supported { get; } = [new ScalarKernel()];

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
}
