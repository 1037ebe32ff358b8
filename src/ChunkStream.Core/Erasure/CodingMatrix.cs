using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Erasure;

/// <summary>
/// Which shards follow from which, with the coefficients as a kernel's tables. Immutable. The outputs are cut into groups of what
/// the kernel computes in one pass, and a group's tables lie in the order in which the pass reads them.
/// </summary>
internal sealed class CodingMatrix
{
    private readonly byte[][] _groupTables;

    /// <param name="kernel">Whose tables to make.</param>
    /// <param name="sources">The columns, in ascending order.</param>
    /// <param name="outputs">The rows, in ascending order.</param>
    /// <param name="coefficients">A row an output.</param>
    public CodingMatrix(ErasureKernel kernel, in ShardSet sources, in ShardSet outputs, ReadOnlySpan<byte> coefficients)
    {
        Kernel = kernel;
        Sources = sources;
        Outputs = outputs;
        SourceCount = sources.Count;
        OutputCount = outputs.Count;

        // Even groups: 7 outputs are 4 and 3 rather than 6 and 1, as a pass costs about the same for few outputs as for many.
        int groups = (OutputCount + kernel.MaxOutputs - 1) / kernel.MaxOutputs;
        _groupTables = new byte[groups][];
        for (int group = 0; group < groups; group++) _groupTables[group] = TablesOf(group, coefficients);
    }

    public ErasureKernel Kernel { get; }

    public ShardSet Sources { get; }

    public ShardSet Outputs { get; }

    public int SourceCount { get; }

    public int OutputCount { get; }

    public int GroupCount => _groupTables.Length;

    public int FirstOutputOf(int group) => (int)((long)OutputCount * group / GroupCount);

    public ReadOnlySpan<byte> TablesOf(int group) => _groupTables[group];

    /// <summary>The tables of some of a group's columns and rows, in the same order.</summary>
    public void CopyTables(int group, ReadOnlySpan<int> columns, ReadOnlySpan<int> rows, Span<byte> tables)
    {
        int groupOutputs = FirstOutputOf(group + 1) - FirstOutputOf(group);
        foreach (int column in columns)
        {
            foreach (int row in rows)
            {
                _groupTables[group].AsSpan((column * groupOutputs + row) * Kernel.TableBytes, Kernel.TableBytes).CopyTo(tables);
                tables = tables[Kernel.TableBytes..];
            }
        }
    }

    private byte[] TablesOf(int group, ReadOnlySpan<byte> coefficients)
    {
        int first = FirstOutputOf(group);
        int count = FirstOutputOf(group + 1) - first;
        int tableBytes = Kernel.TableBytes;
        byte[] tables = new byte[SourceCount * count * tableBytes];
        for (int source = 0; source < SourceCount; source++)
        {
            for (int output = 0; output < count; output++)
            {
                byte coefficient = coefficients[(first + output) * SourceCount + source];
                Kernel.WriteTable(coefficient, tables.AsSpan((source * count + output) * tableBytes, tableBytes));
            }
        }
        return tables;
    }
}
