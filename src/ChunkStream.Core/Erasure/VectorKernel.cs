using System.Runtime.CompilerServices;

namespace ChunkStream.Core.Erasure;

/// <summary>
/// One pass over the sources for up to four outputs. Two vectors of each output are summed in registers while the pass goes from
/// source to source, so that every source byte is read once and every output byte written once.
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
        nint done = outputCount switch
        {
            1 => RunOne(sources, sourceCount, outputs, tables, lengthBytes),
            2 => RunTwo(sources, sourceCount, outputs, tables, lengthBytes),
            3 => RunThree(sources, sourceCount, outputs, tables, lengthBytes),
            _ => RunFour(sources, sourceCount, outputs, tables, lengthBytes),
        };

        // The rest in single vectors, the last of which ends with the chunk: it computes some bytes a second time.
        for (; done < lengthBytes; done += TArithmetic.VectorBytes)
            RunVector(sources, sourceCount, outputs, outputCount, tables, Math.Min(done, lengthBytes - TArithmetic.VectorBytes));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint RunOne(byte** sources, int sourceCount, byte** outputs, byte* tables, nint lengthBytes)
    {
        int width = TArithmetic.VectorBytes;
        nint at = 0;
        for (; at <= lengthBytes - 2 * width; at += 2 * width)
        {
            TVector a = TArithmetic.Zero, a2 = TArithmetic.Zero;
            byte* table = tables;
            for (int source = 0; source < sourceCount; source++)
            {
                byte* bytes = sources[source] + at;
                TOperand first = TArithmetic.LoadOperand(bytes);
                TOperand second = TArithmetic.LoadOperand(bytes + width);
                TTable coefficient = TArithmetic.LoadTable(table);
                a = TArithmetic.MultiplyAdd(a, coefficient, first);
                a2 = TArithmetic.MultiplyAdd(a2, coefficient, second);
                table += TArithmetic.TableBytes;
            }
            Store(a, a2, outputs[0] + at);
        }
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint RunTwo(byte** sources, int sourceCount, byte** outputs, byte* tables, nint lengthBytes)
    {
        int width = TArithmetic.VectorBytes;
        nint at = 0;
        for (; at <= lengthBytes - 2 * width; at += 2 * width)
        {
            TVector a = TArithmetic.Zero, a2 = TArithmetic.Zero;
            TVector b = TArithmetic.Zero, b2 = TArithmetic.Zero;
            byte* table = tables;
            for (int source = 0; source < sourceCount; source++)
            {
                byte* bytes = sources[source] + at;
                TOperand first = TArithmetic.LoadOperand(bytes);
                TOperand second = TArithmetic.LoadOperand(bytes + width);
                TTable coefficient = TArithmetic.LoadTable(table);
                a = TArithmetic.MultiplyAdd(a, coefficient, first);
                a2 = TArithmetic.MultiplyAdd(a2, coefficient, second);
                coefficient = TArithmetic.LoadTable(table + TArithmetic.TableBytes);
                b = TArithmetic.MultiplyAdd(b, coefficient, first);
                b2 = TArithmetic.MultiplyAdd(b2, coefficient, second);
                table += 2 * TArithmetic.TableBytes;
            }
            Store(a, a2, outputs[0] + at);
            Store(b, b2, outputs[1] + at);
        }
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint RunThree(byte** sources, int sourceCount, byte** outputs, byte* tables, nint lengthBytes)
    {
        int width = TArithmetic.VectorBytes;
        nint at = 0;
        for (; at <= lengthBytes - 2 * width; at += 2 * width)
        {
            TVector a = TArithmetic.Zero, a2 = TArithmetic.Zero;
            TVector b = TArithmetic.Zero, b2 = TArithmetic.Zero;
            TVector c = TArithmetic.Zero, c2 = TArithmetic.Zero;
            byte* table = tables;
            for (int source = 0; source < sourceCount; source++)
            {
                byte* bytes = sources[source] + at;
                TOperand first = TArithmetic.LoadOperand(bytes);
                TOperand second = TArithmetic.LoadOperand(bytes + width);
                TTable coefficient = TArithmetic.LoadTable(table);
                a = TArithmetic.MultiplyAdd(a, coefficient, first);
                a2 = TArithmetic.MultiplyAdd(a2, coefficient, second);
                coefficient = TArithmetic.LoadTable(table + TArithmetic.TableBytes);
                b = TArithmetic.MultiplyAdd(b, coefficient, first);
                b2 = TArithmetic.MultiplyAdd(b2, coefficient, second);
                coefficient = TArithmetic.LoadTable(table + 2 * TArithmetic.TableBytes);
                c = TArithmetic.MultiplyAdd(c, coefficient, first);
                c2 = TArithmetic.MultiplyAdd(c2, coefficient, second);
                table += 3 * TArithmetic.TableBytes;
            }
            Store(a, a2, outputs[0] + at);
            Store(b, b2, outputs[1] + at);
            Store(c, c2, outputs[2] + at);
        }
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static nint RunFour(byte** sources, int sourceCount, byte** outputs, byte* tables, nint lengthBytes)
    {
        int width = TArithmetic.VectorBytes;
        nint at = 0;
        for (; at <= lengthBytes - 2 * width; at += 2 * width)
        {
            TVector a = TArithmetic.Zero, a2 = TArithmetic.Zero;
            TVector b = TArithmetic.Zero, b2 = TArithmetic.Zero;
            TVector c = TArithmetic.Zero, c2 = TArithmetic.Zero;
            TVector d = TArithmetic.Zero, d2 = TArithmetic.Zero;
            byte* table = tables;
            for (int source = 0; source < sourceCount; source++)
            {
                byte* bytes = sources[source] + at;
                TOperand first = TArithmetic.LoadOperand(bytes);
                TOperand second = TArithmetic.LoadOperand(bytes + width);
                TTable coefficient = TArithmetic.LoadTable(table);
                a = TArithmetic.MultiplyAdd(a, coefficient, first);
                a2 = TArithmetic.MultiplyAdd(a2, coefficient, second);
                coefficient = TArithmetic.LoadTable(table + TArithmetic.TableBytes);
                b = TArithmetic.MultiplyAdd(b, coefficient, first);
                b2 = TArithmetic.MultiplyAdd(b2, coefficient, second);
                coefficient = TArithmetic.LoadTable(table + 2 * TArithmetic.TableBytes);
                c = TArithmetic.MultiplyAdd(c, coefficient, first);
                c2 = TArithmetic.MultiplyAdd(c2, coefficient, second);
                coefficient = TArithmetic.LoadTable(table + 3 * TArithmetic.TableBytes);
                d = TArithmetic.MultiplyAdd(d, coefficient, first);
                d2 = TArithmetic.MultiplyAdd(d2, coefficient, second);
                table += 4 * TArithmetic.TableBytes;
            }
            Store(a, a2, outputs[0] + at);
            Store(b, b2, outputs[1] + at);
            Store(c, c2, outputs[2] + at);
            Store(d, d2, outputs[3] + at);
        }
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunVector(byte** sources, int sourceCount, byte** outputs, int outputCount, byte* tables, nint at)
    {
        for (int output = 0; output < outputCount; output++)
        {
            TVector sum = TArithmetic.Zero;
            for (int source = 0; source < sourceCount; source++)
            {
                TTable coefficient = TArithmetic.LoadTable(tables + (source * outputCount + output) * TArithmetic.TableBytes);
                sum = TArithmetic.MultiplyAdd(sum, coefficient, TArithmetic.LoadOperand(sources[source] + at));
            }
            TArithmetic.Store(sum, outputs[output] + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector first, TVector second, byte* target)
    {
        TArithmetic.Store(first, target);
        TArithmetic.Store(second, target + TArithmetic.VectorBytes);
    }
}
