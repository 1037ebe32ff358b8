namespace ChunkStream.Core.Erasure;

/// <summary>
/// The arithmetic of one instruction set: weighted sums of sources in GF(2^8), several at once. A kernel has no state; its tables
/// are the <see cref="CodingMatrix"/>'s.
/// </summary>
internal abstract unsafe class ErasureKernel
{
    /// <summary>The name that benchmarks and diagnostics show.</summary>
    public abstract string Name { get; }

    /// <summary>The fewest bytes that <see cref="Run"/> takes: a vector's.</summary>
    public abstract int MinBytes { get; }

    /// <summary>The most outputs that <see cref="Run"/> computes in one pass over the sources.</summary>
    public abstract int MaxOutputs { get; }

    /// <summary>What a coefficient becomes in a table.</summary>
    public abstract int TableBytes { get; }

    public abstract void WriteTable(byte coefficient, Span<byte> table);

    /// <summary>
    /// Sets each output to the sum of the sources, each multiplied by its coefficient. The outputs overlap no source and may hold
    /// anything before.
    /// </summary>
    /// <param name="sources">Where each source starts.</param>
    /// <param name="sourceCount">1 or more.</param>
    /// <param name="outputs">Where each output starts.</param>
    /// <param name="outputCount">1 to <see cref="MaxOutputs"/>.</param>
    /// <param name="tables">The tables of the first source's coefficients, one an output, then the second source's.</param>
    /// <param name="lengthBytes">At least <see cref="MinBytes"/>.</param>
    public abstract void Run(byte** sources, int sourceCount, byte** outputs, int outputCount, byte* tables, nint lengthBytes);
}
