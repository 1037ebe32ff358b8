namespace ChunkStream.Core.Erasure;

/// <summary>
/// What an instruction set gives to <see cref="VectorKernel{TArithmetic, TVector, TOperand, TTable}"/>. Implementations are structs
/// without fields, so that the compiler makes a kernel of its own for each, with every call inlined.
/// </summary>
/// <typeparam name="TVector">A vector of bytes.</typeparam>
/// <typeparam name="TOperand">A vector made ready for multiplication, which one vector of a source is once for all outputs.</typeparam>
/// <typeparam name="TTable">A coefficient's table in registers.</typeparam>
internal unsafe interface IVectorArithmetic<TVector, TOperand, TTable>
{
    /// <summary>Whether this machine has the instructions. Nothing else may be called where it hasn't.</summary>
    static abstract bool IsSupported { get; }

    static abstract string Name { get; }

    static abstract int VectorBytes { get; }

    static abstract int TableBytes { get; }

    /// <summary>Writes a coefficient's table in the form that <see cref="LoadTable"/> reads.</summary>
    static abstract void WriteTable(byte coefficient, Span<byte> table);

    static abstract TTable LoadTable(byte* table);

    static abstract TOperand LoadOperand(byte* source);

    static abstract void Store(TVector value, byte* target);

    static abstract TVector Zero { get; }

    /// <summary><paramref name="sum"/> plus the product of the coefficient and the operand.</summary>
    static abstract TVector MultiplyAdd(TVector sum, TTable table, TOperand operand);
}
