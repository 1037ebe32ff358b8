using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Erasure;

/// <summary>
/// One call of a <see cref="CodingMatrix"/> on chunks in memory: pins them, cuts the length where a chunk ends early (from there on it
/// counts as zeros, so it is left out), and gives each stretch to the kernel. Allocates nothing.
/// </summary>
internal unsafe ref struct CodingJob
{
    // Where there are more outputs than a pass computes, all passes go over this much of the sources before the next stretch: less than
    // the cache of a core, so that the later passes find it there, and enough for the processor to recognise each source's stream.
    private const int BlockBytes = 320 * 1024;
    private const int MinBlockBytes = 4 * 1024;

    // Verifying computes this much of a group's outputs on the stack.
    private const int VerifyBlockBytes = 4 * 1024;

    private readonly CodingMatrix _matrix;
    private readonly ReadOnlySpan<ReadOnlyMemory<byte>> _data;
    private readonly ReadOnlySpan<ReadOnlyMemory<byte>> _parity;
    private readonly byte** _starts;
    private readonly int* _lengths;
    private readonly bool _verify;
    private int _mismatch;

    private CodingJob(
        CodingMatrix matrix,
        ReadOnlySpan<ReadOnlyMemory<byte>> data,
        ReadOnlySpan<ReadOnlyMemory<byte>> parity,
        byte** starts,
        int* lengths,
        bool verify)
    {
        _matrix = matrix;
        _data = data;
        _parity = parity;
        _starts = starts;
        _lengths = lengths;
        _verify = verify;
        _mismatch = -1;
    }

    /// <summary>Computes the matrix's outputs, each to its own length.</summary>
    /// <param name="matrix">What follows from what.</param>
    /// <param name="data">The first shards of the stripe.</param>
    /// <param name="parity">The shards after those. Outputs may be in either list.</param>
    public static void Run(CodingMatrix matrix, ReadOnlySpan<ReadOnlyMemory<byte>> data, ReadOnlySpan<ReadOnlyMemory<byte>> parity) =>
        Start(matrix, data, parity, verify: false);

    /// <summary>Computes the matrix's outputs and compares them with those that are there, which it leaves alone.</summary>
    /// <returns>A shard whose bytes differ, or -1 where all of them are equal.</returns>
    public static int FirstMismatch(CodingMatrix matrix, ReadOnlySpan<ReadOnlyMemory<byte>> data, ReadOnlySpan<ReadOnlyMemory<byte>> parity) =>
        Start(matrix, data, parity, verify: true);

    /// <summary>The same list, as one of chunks that are only read. <see cref="Run"/> writes to those that are outputs.</summary>
    public static ReadOnlySpan<ReadOnlyMemory<byte>> AsReadOnly(ReadOnlySpan<Memory<byte>> chunks) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Memory<byte>, ReadOnlyMemory<byte>>(ref MemoryMarshal.GetReference(chunks)), chunks.Length);

    private static int Start(
        CodingMatrix matrix, ReadOnlySpan<ReadOnlyMemory<byte>> data, ReadOnlySpan<ReadOnlyMemory<byte>> parity, bool verify)
    {
        if (matrix.OutputCount == 0) return -1;
        byte** starts = stackalloc byte*[data.Length + parity.Length];
        int* lengths = stackalloc int[data.Length + parity.Length];
        var job = new CodingJob(matrix, data, parity, starts, lengths, verify);
        job.PinFrom(matrix.Sources.Or(matrix.Outputs), 0);
        return job._mismatch;
    }

    // `fixed` costs nothing but holds only as long as its block, and there are as many chunks as the code has shards:
    // so each call holds one and calls itself for the rest.
    private void PinFrom(in ShardSet shards, int from)
    {
        int shard = shards.Next(from);
        if (shard < 0)
        {
            RunPinned(shards);
            return;
        }

        ReadOnlySpan<byte> chunk = (shard < _data.Length ? _data[shard] : _parity[shard - _data.Length]).Span;
        fixed (byte* start = chunk)
        {
            _starts[shard] = start;
            _lengths[shard] = chunk.Length;
            PinFrom(shards, shard + 1);
        }
    }

    private void RunPinned(in ShardSet shards)
    {
        int longest = 0;
        foreach (int shard in _matrix.Outputs) longest = Math.Max(longest, _lengths[shard]);

        int step = _verify ? VerifyBlockBytes : _matrix.GroupCount == 1 ? longest : Math.Max(MinBlockBytes, BlockBytes / _matrix.SourceCount & ~1023);
        for (int start = 0; start < longest && _mismatch < 0;)
        {
            int end = (int)Math.Min(NextEnd(shards, start, longest), (long)start + step);
            for (int group = 0; group < _matrix.GroupCount && _mismatch < 0; group++) RunGroup(group, start, end);
            start = end;
        }
    }

    // The next place after `start` at which a source or an output ends.
    private readonly int NextEnd(in ShardSet shards, int start, int longest)
    {
        int end = longest;
        foreach (int shard in shards)
        {
            if (_lengths[shard] > start) end = Math.Min(end, _lengths[shard]);
        }
        return end;
    }

    [SkipLocalsInit]
    private void RunGroup(int group, int start, int end)
    {
        int first = _matrix.FirstOutputOf(group);
        int groupOutputs = _matrix.FirstOutputOf(group + 1) - first;
        byte** sources = stackalloc byte*[_matrix.SourceCount];
        int* columns = stackalloc int[_matrix.SourceCount];
        byte** outputs = stackalloc byte*[groupOutputs];
        int* rows = stackalloc int[groupOutputs];
        int sourceCount = Living(_matrix.Sources, 0, _matrix.SourceCount, start, sources, columns);
        int outputCount = Living(_matrix.Outputs, first, groupOutputs, start, outputs, rows);
        if (outputCount == 0) return;

        scoped ReadOnlySpan<byte> tables = _matrix.TablesOf(group);
        if (sourceCount < _matrix.SourceCount || outputCount < groupOutputs)
        {
            Span<byte> living = stackalloc byte[sourceCount * outputCount * _matrix.Kernel.TableBytes];
            _matrix.CopyTables(group, new(columns, sourceCount), new(rows, outputCount), living);
            tables = living;
        }

        if (_verify) Compare(sources, sourceCount, outputs, outputCount, tables, end - start, first, rows);
        else Compute(sources, sourceCount, outputs, outputCount, tables, end - start);
    }

    // Those of a set's shards that have bytes at `start`: where these are, and which column or row of the group each is.
    private readonly int Living(in ShardSet shards, int first, int count, int start, byte** starts, int* positions)
    {
        int position = 0;
        int living = 0;
        foreach (int shard in shards)
        {
            if (position >= first && position < first + count && _lengths[shard] > start)
            {
                starts[living] = _starts[shard] + start;
                positions[living++] = position - first;
            }
            position++;
        }
        return living;
    }

    [SkipLocalsInit]
    private void Compare(
        byte** sources, int sourceCount, byte** outputs, int outputCount, scoped ReadOnlySpan<byte> tables, int lengthBytes, int first, int* rows)
    {
        byte* computed = stackalloc byte[outputCount * VerifyBlockBytes];
        byte** targets = stackalloc byte*[outputCount];
        for (int output = 0; output < outputCount; output++) targets[output] = computed + output * VerifyBlockBytes;
        Compute(sources, sourceCount, targets, outputCount, tables, lengthBytes);
        for (int output = 0; output < outputCount; output++)
        {
            if (new ReadOnlySpan<byte>(targets[output], lengthBytes).SequenceEqual(new(outputs[output], lengthBytes))) continue;
            _mismatch = _matrix.Outputs.ElementAt(first + rows[output]);
            return;
        }
    }

    [SkipLocalsInit]
    private readonly void Compute(
        byte** sources, int sourceCount, byte** outputs, int outputCount, scoped ReadOnlySpan<byte> tables, int lengthBytes)
    {
        if (sourceCount == 0)
        {
            for (int output = 0; output < outputCount; output++) new Span<byte>(outputs[output], lengthBytes).Clear();
            return;
        }

        ErasureKernel kernel = _matrix.Kernel;
        fixed (byte* table = tables)
        {
            if (lengthBytes >= kernel.MinBytes)
            {
                kernel.Run(sources, sourceCount, outputs, outputCount, table, lengthBytes);
                return;
            }

            // A stretch that is shorter than a vector goes through a padded copy.
            int width = kernel.MinBytes;
            byte* padded = stackalloc byte[(sourceCount + outputCount) * width];
            byte** copies = stackalloc byte*[sourceCount + outputCount];
            for (int i = 0; i < sourceCount + outputCount; i++) copies[i] = padded + i * width;
            for (int source = 0; source < sourceCount; source++) Unsafe.CopyBlock(copies[source], sources[source], (uint)lengthBytes);
            kernel.Run(copies, sourceCount, copies + sourceCount, outputCount, table, width);
            for (int output = 0; output < outputCount; output++) Unsafe.CopyBlock(outputs[output], copies[sourceCount + output], (uint)lengthBytes);
        }
    }
}
