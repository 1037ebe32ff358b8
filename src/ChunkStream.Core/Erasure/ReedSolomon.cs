using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Erasure;

/// <summary>
/// Step 2 of 8, code and hash. From <see cref="FileLayout"/>, to <see cref="Scheduling.ChunkQueue{T}"/>. Makes the parity chunks of a stripe, and makes missing chunks from
/// any k that are there. Systematic Reed-Solomon over GF(2^8), polynomial 0x11D, with the Cauchy matrix of ISA-L's
/// <c>gf_gen_cauchy1_matrix</c>: the parity equals ISA-L's byte for byte.
/// <para>Thread-safe. No call allocates, but for the first reconstruction of each pattern of losses.</para>
/// </summary>
public sealed class ReedSolomon
{
    public const int MaxDataShards = FileLayout.MaxDataShards;
    public const int MaxShards = FileLayout.MaxShards;

    // A code is at most about 1.5 MiB with its decode matrices, and 40 KiB as a rule (10+3).
    private const int MaxCodesKept = 16;
    private const int DecodeCacheBytes = 1024 * 1024;
    private const int MaxDecodeMatrices = 1024;

    private static readonly BoundedCache<(int DataShards, int ParityShards), ReedSolomon> s_codes = new(MaxCodesKept);

    private readonly ErasureKernel _kernel;
    private readonly ShardSet _dataSet;
    private readonly CodingMatrix _encode;
    private readonly BoundedCache<(ShardSet Sources, ShardSet Wanted), CodingMatrix> _decode;

    internal ReedSolomon(int dataShards, int parityShards, ErasureKernel kernel)
    {
        if (dataShards is < 1 or > MaxDataShards)
            throw new ArgumentOutOfRangeException(nameof(dataShards), dataShards, $"A stripe has 1 to {MaxDataShards} data chunks.");
        if (parityShards < 0 || parityShards > MaxShards - dataShards)
        {
            throw new ArgumentOutOfRangeException(
                nameof(parityShards), parityShards, $"A stripe has 0 to {MaxShards - dataShards} parity chunks beside {dataShards} data chunks.");
        }

        DataShards = dataShards;
        ParityShards = parityShards;
        _kernel = kernel;
        _dataSet = ShardSet.FirstShards(dataShards);
        _encode = MatrixOf(_dataSet, ShardSet.Range(dataShards, ShardCount));
        int matrixBytes = 512 + dataShards * parityShards * kernel.TableBytes;
        _decode = new(Math.Clamp(DecodeCacheBytes / matrixBytes, 2, MaxDecodeMatrices));
    }

    /// <summary>The instructions that are used on this machine: "avx512-gfni", "avx2", "advsimd", "scalar" and the like.</summary>
    /// <exception cref="ErasureSelfTestException">This machine would compute wrong parity.</exception>
    public static string InstructionSet => ErasureKernels.Chosen.Name;

    /// <summary><c>k</c>: data chunks a stripe, 1 to 128.</summary>
    public int DataShards { get; }

    /// <summary><c>m</c>: parity chunks a stripe, 0 to 255 - k.</summary>
    public int ParityShards { get; }

    public int ShardCount => DataShards + ParityShards;

    /// <summary>For the start of a process that will code chunks. Takes a millisecond the first time, and nothing afterwards.</summary>
    /// <exception cref="ErasureSelfTestException">This machine would compute wrong parity.</exception>
    public static void SelfTest() => _ = ErasureKernels.Chosen;

    /// <summary>The code with these numbers; the same object again while it is among the 16 used last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">k is not 1 to 128, m is negative, or k + m is above 255.</exception>
    /// <exception cref="ErasureSelfTestException">This machine would compute wrong parity.</exception>
    public static ReedSolomon Create(int dataShards, int parityShards)
    {
        if (s_codes.TryGet((dataShards, parityShards), out ReedSolomon? code)) return code;
        return s_codes.Add((dataShards, parityShards), new(dataShards, parityShards, ErasureKernels.Chosen));
    }

    /// <summary>Computes every parity chunk of a stripe.</summary>
    /// <param name="data">The k data chunks. One that is shorter than the parity chunks, or empty, counts as filled up with zeros.</param>
    /// <param name="parity">The m parity chunks, equal in length; what they held is overwritten.</param>
    /// <exception cref="ArgumentException">The numbers or lengths of the chunks don't fit. Nothing was written.</exception>
    public void Encode(ReadOnlySpan<ReadOnlyMemory<byte>> data, ReadOnlySpan<Memory<byte>> parity)
    {
        CheckEncode(data, parity, _encode.Outputs);
        CodingJob.Run(_encode, data, CodingJob.AsReadOnly(parity));
    }

    /// <summary>Computes those parity chunks of a stripe that are wanted.</summary>
    /// <param name="data">The k data chunks. One that is shorter than the parity chunks, or empty, counts as filled up with zeros.</param>
    /// <param name="parity">m entries; the wanted ones are equal in length and overwritten, the others are left alone.</param>
    /// <param name="wanted">Shard numbers of parity chunks: k to k + m - 1.</param>
    /// <exception cref="ArgumentException">
    /// The numbers or lengths of the chunks don't fit, or a data shard is wanted. Nothing was written.
    /// </exception>
    public void Encode(ReadOnlySpan<ReadOnlyMemory<byte>> data, ReadOnlySpan<Memory<byte>> parity, in ShardSet wanted)
    {
        if (!wanted.Without(_encode.Outputs).IsEmpty)
        {
            throw new ArgumentOutOfRangeException(
                nameof(wanted), wanted, $"The parity chunks of a {DataShards}+{ParityShards} stripe are the shards {DataShards} to {ShardCount - 1}.");
        }

        CheckEncode(data, parity, wanted);
        CodingJob.Run(DecodeMatrix(_dataSet, wanted), data, CodingJob.AsReadOnly(parity));
    }

    /// <summary>Computes the wanted chunks of a stripe, data or parity, from any k that are present.</summary>
    /// <param name="shards">k + m entries. Those that are neither present nor wanted are not looked at.</param>
    /// <param name="present">
    /// The chunks that can be read. A data chunk may be shorter than <paramref name="lengthBytes"/>, or empty: it counts as filled up
    /// with zeros. That is how data chunks past the end of the file are given.
    /// </param>
    /// <param name="wanted">The chunks to write, none of them present. Each is computed to its own length.</param>
    /// <param name="lengthBytes">The length of the stripe's parity chunks.</param>
    /// <returns>What happened. Where it isn't Ok, nothing was written.</returns>
    public ErasureOutcome Reconstruct(ReadOnlySpan<Memory<byte>> shards, in ShardSet present, in ShardSet wanted, int lengthBytes)
    {
        ErasureOutcome outcome = CheckReconstruct(shards, present, wanted, lengthBytes);
        if (!outcome.IsOk || wanted.IsEmpty) return outcome;

        // Data chunks first: the fewer parity chunks are used, the smaller the matrix to invert.
        ShardSet sources = present.And(_dataSet);
        int parity = DataShards - 1;
        for (int missing = DataShards - sources.Count; missing > 0; missing--)
        {
            parity = present.Next(parity + 1);
            sources = sources.With(parity);
        }

        CodingJob.Run(DecodeMatrix(sources, wanted), CodingJob.AsReadOnly(shards), default);
        return outcome;
    }

    /// <summary>Whether the parity is the data's.</summary>
    /// <param name="data">The k data chunks. One that is shorter than the parity chunks, or empty, counts as filled up with zeros.</param>
    /// <param name="parity">The m parity chunks, equal in length.</param>
    /// <returns>Ok, or the first parity chunk that isn't the data's, or what is wrong with the lengths.</returns>
    public ErasureOutcome Verify(ReadOnlySpan<ReadOnlyMemory<byte>> data, ReadOnlySpan<ReadOnlyMemory<byte>> parity)
    {
        if (data.Length != DataShards || parity.Length != ParityShards) return ErasureOutcome.WrongCount(data.Length + parity.Length, ShardCount);
        if (ParityShards == 0) return ErasureOutcome.Ok;
        int lengthBytes = parity[0].Length;
        for (int i = 0; i < parity.Length; i++)
        {
            if (parity[i].Length != lengthBytes) return ErasureOutcome.UnequalLengths(DataShards + i, parity[i].Length, lengthBytes);
        }
        for (int i = 0; i < data.Length; i++)
        {
            if (data[i].Length > lengthBytes) return ErasureOutcome.UnequalLengths(i, data[i].Length, lengthBytes);
        }

        int wrong = CodingJob.FirstMismatch(_encode, data, parity);
        return wrong < 0 ? ErasureOutcome.Ok : ErasureOutcome.ParityMismatch(wrong);
    }

    private void CheckEncode(ReadOnlySpan<ReadOnlyMemory<byte>> data, ReadOnlySpan<Memory<byte>> parity, in ShardSet wanted)
    {
        if (data.Length != DataShards) throw new ArgumentException($"There are {data.Length} data chunks, and the code has {DataShards}.", nameof(data));
        if (parity.Length != ParityShards)
            throw new ArgumentException($"There are {parity.Length} parity chunks, and the code has {ParityShards}.", nameof(parity));
        if (wanted.IsEmpty) return;

        int lengthBytes = parity[wanted.Next(0) - DataShards].Length;
        foreach (int shard in wanted)
        {
            if (parity[shard - DataShards].Length != lengthBytes)
            {
                throw new ArgumentException(
                    ErasureOutcome.UnequalLengths(shard, parity[shard - DataShards].Length, lengthBytes).Message, nameof(parity));
            }
        }
        for (int shard = 0; shard < data.Length; shard++)
        {
            if (data[shard].Length > lengthBytes)
                throw new ArgumentException(ErasureOutcome.UnequalLengths(shard, data[shard].Length, lengthBytes).Message, nameof(data));
        }
    }

    private ErasureOutcome CheckReconstruct(ReadOnlySpan<Memory<byte>> shards, in ShardSet present, in ShardSet wanted, int lengthBytes)
    {
        if (shards.Length != ShardCount) return ErasureOutcome.WrongCount(shards.Length, ShardCount);
        ShardSet named = present.Or(wanted);
        if (named.Next(ShardCount) is >= 0 and int beyond) return ErasureOutcome.ShardOutOfRange(beyond, ShardCount);
        if (present.And(wanted).Next(0) is >= 0 and int twice) return ErasureOutcome.ShardTwice(twice);
        if (!wanted.IsEmpty && present.Count < DataShards) return ErasureOutcome.TooFewShards(present.Count, DataShards);
        foreach (int shard in named)
        {
            int length = shards[shard].Length;
            bool mayBeShorter = shard < DataShards || wanted.Contains(shard);
            if (length > lengthBytes || (length < lengthBytes && !mayBeShorter)) return ErasureOutcome.UnequalLengths(shard, length, lengthBytes);
        }
        return ErasureOutcome.Ok;
    }

    private CodingMatrix DecodeMatrix(in ShardSet sources, in ShardSet wanted) =>
        _decode.TryGet((sources, wanted), out CodingMatrix? matrix) ? matrix : _decode.Add((sources, wanted), MatrixOf(sources, wanted));

    private CodingMatrix MatrixOf(in ShardSet sources, in ShardSet wanted) =>
        new(_kernel, sources, wanted, CauchyCode.Solve(DataShards, sources, wanted));
}
