using System.Runtime.CompilerServices;

namespace ChunkStream.Core.Erasure;

/// <summary>
/// One pass over the sources for up to four outputs. A stretch of each output is summed in registers while the pass goes from source to
/// source, so that every source byte is read once and every output byte written once.
/// <para>
/// There is no prefetching and no writing past the cache: measured with 512 MiB of chunks, prefetching by hand is slower than what the
/// processor does by itself, and parity is hashed and sent right after it is made.
/// </para>
/// </summary>
internal sealed unsafe class VectorKernel<TArithmetic, TVector, TOperand, TTable> : ErasureKernel
    where TArithmetic : struct, IVectorArithmetic<TVector, TOperand, TTable>
{
    public override string Name => TArithmetic.Name;

    public override int MinBytes => TArithmetic.VectorBytes;

    public override int MaxOutputs => 4;

    public override int TableBytes => TArithmetic.TableBytes;

    public override void WriteTable(byte coefficient, Span<byte> table) => TArithmetic.WriteTable(coefficient, table);

    public override void Run(byte** sources, int sourceCount, byte** outputs, int outputCount, byte* tables, nint lengthBytes)
    {
        switch (outputCount)
        {
            case 1: RunOne(sources, sourceCount, outputs, tables, lengthBytes); break;
            case 2: RunTwo(sources, sourceCount, outputs, tables, lengthBytes); break;
            case 3: RunThree(sources, sourceCount, outputs, tables, lengthBytes); break;
            default: RunFour(sources, sourceCount, outputs, tables, lengthBytes); break;
        }
    }

    // In each of these the last stretch ends where the chunk ends, and so computes some bytes a second time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunOne(byte** sources, int sourceCount, byte** outputs, byte* tables, nint lengthBytes)
    {
        nint last = lengthBytes - TArithmetic.VectorBytes;
        for (nint at = 0; ; at = Math.Min(at + TArithmetic.VectorBytes, last))
        {
            TVector a = TArithmetic.Zero;
            byte* table = tables;
            for (int source = 0; source < sourceCount; source++)
            {
                byte* bytes = sources[source] + at;
                TOperand operand = TArithmetic.LoadOperand(bytes);
                TTable coefficient = TArithmetic.LoadTable(table);
                a = TArithmetic.MultiplyAdd(a, coefficient, operand);
                table += TArithmetic.TableBytes;
            }
            TArithmetic.Store(a, outputs[0] + at);
            if (at == last) return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunTwo(byte** sources, int sourceCount, byte** outputs, byte* tables, nint lengthBytes)
    {
        nint last = lengthBytes - TArithmetic.VectorBytes;
        for (nint at = 0; ; at = Math.Min(at + TArithmetic.VectorBytes, last))
        {
            TVector a = TArithmetic.Zero;
            TVector b = TArithmetic.Zero;
            byte* table = tables;
            for (int source = 0; source < sourceCount; source++)
            {
                byte* bytes = sources[source] + at;
                TOperand operand = TArithmetic.LoadOperand(bytes);
                TTable coefficient = TArithmetic.LoadTable(table);
                a = TArithmetic.MultiplyAdd(a, coefficient, operand);
                coefficient = TArithmetic.LoadTable(table + TArithmetic.TableBytes);
                b = TArithmetic.MultiplyAdd(b, coefficient, operand);
                table += 2 * TArithmetic.TableBytes;
            }
            TArithmetic.Store(a, outputs[0] + at);
            TArithmetic.Store(b, outputs[1] + at);
            if (at == last) return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunThree(byte** sources, int sourceCount, byte** outputs, byte* tables, nint lengthBytes)
    {
        nint last = lengthBytes - TArithmetic.VectorBytes;
        for (nint at = 0; ; at = Math.Min(at + TArithmetic.VectorBytes, last))
        {
            TVector a = TArithmetic.Zero;
            TVector b = TArithmetic.Zero;
            TVector c = TArithmetic.Zero;
            byte* table = tables;
            for (int source = 0; source < sourceCount; source++)
            {
                byte* bytes = sources[source] + at;
                TOperand operand = TArithmetic.LoadOperand(bytes);
                TTable coefficient = TArithmetic.LoadTable(table);
                a = TArithmetic.MultiplyAdd(a, coefficient, operand);
                coefficient = TArithmetic.LoadTable(table + TArithmetic.TableBytes);
                b = TArithmetic.MultiplyAdd(b, coefficient, operand);
                coefficient = TArithmetic.LoadTable(table + 2 * TArithmetic.TableBytes);
                c = TArithmetic.MultiplyAdd(c, coefficient, operand);
                table += 3 * TArithmetic.TableBytes;
            }
            TArithmetic.Store(a, outputs[0] + at);
            TArithmetic.Store(b, outputs[1] + at);
            TArithmetic.Store(c, outputs[2] + at);
            if (at == last) return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunFour(byte** sources, int sourceCount, byte** outputs, byte* tables, nint lengthBytes)
    {
        nint last = lengthBytes - TArithmetic.VectorBytes;
        for (nint at = 0; ; at = Math.Min(at + TArithmetic.VectorBytes, last))
        {
            TVector a = TArithmetic.Zero;
            TVector b = TArithmetic.Zero;
            TVector c = TArithmetic.Zero;
            TVector d = TArithmetic.Zero;
            byte* table = tables;
            for (int source = 0; source < sourceCount; source++)
            {
                byte* bytes = sources[source] + at;
                TOperand operand = TArithmetic.LoadOperand(bytes);
                TTable coefficient = TArithmetic.LoadTable(table);
                a = TArithmetic.MultiplyAdd(a, coefficient, operand);
                coefficient = TArithmetic.LoadTable(table + TArithmetic.TableBytes);
                b = TArithmetic.MultiplyAdd(b, coefficient, operand);
                coefficient = TArithmetic.LoadTable(table + 2 * TArithmetic.TableBytes);
                c = TArithmetic.MultiplyAdd(c, coefficient, operand);
                coefficient = TArithmetic.LoadTable(table + 3 * TArithmetic.TableBytes);
                d = TArithmetic.MultiplyAdd(d, coefficient, operand);
                table += 4 * TArithmetic.TableBytes;
            }
            TArithmetic.Store(a, outputs[0] + at);
            TArithmetic.Store(b, outputs[1] + at);
            TArithmetic.Store(c, outputs[2] + at);
            TArithmetic.Store(d, outputs[3] + at);
            if (at == last) return;
        }
    }
}
