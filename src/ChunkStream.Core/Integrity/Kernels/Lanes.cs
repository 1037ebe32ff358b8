using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>Compresses runs of equal nodes on the widest vectors first, and what is left over on narrower ones.</summary>
internal static unsafe class Lanes
{
    /// <summary>The best that this machine has. AVX-512 only where it doesn't slow the processor down.</summary>
    public static InstructionSet Best { get; } =
        !BitConverter.IsLittleEndian ? InstructionSet.Scalar
        : Avx512F.IsSupported && Vector512.IsHardwareAccelerated ? InstructionSet.Vector512
        : Avx2.IsSupported ? InstructionSet.Vector256
        : Vector128.IsHardwareAccelerated ? InstructionSet.Vector128
        : InstructionSet.Scalar;

    /// <summary>The chaining values of consecutive whole leaves.</summary>
    public static void CompressLeaves(ReadOnlySpan<byte> leaves, ulong firstLeaf, in HashMode mode, Span<ChainingValue> values)
    {
        int count = leaves.Length / Tree.LeafBytes;
        int done = 0;
        fixed (byte* input = leaves)
        fixed (ChainingValue* key = &mode.Key, output = values)
        {
            var job = new LaneJob
            {
                Input = input,
                NodeBytes = Tree.LeafBytes,
                Key = (uint*)key,
                Counter = firstLeaf,
                CounterStep = 1,
                Flags = mode.Flags,
                FirstFlags = NodeFlags.LeafStart,
                LastFlags = NodeFlags.LeafEnd,
                Output = (byte*)output,
            };
            done = Compress(job, count, mode.Instructions);
        }

        for (; done < count; done++)
            values[done] = new Node(leaves.Slice(done * Tree.LeafBytes, Tree.LeafBytes), firstLeaf + (ulong)done, in mode).Value();
    }

    /// <summary>Merges pairs of neighbours; the parents' values replace the first half of the nodes.</summary>
    public static void CompressParents(Span<ChainingValue> nodes, in HashMode mode)
    {
        int count = nodes.Length / 2;
        int done;
        fixed (ChainingValue* key = &mode.Key, values = nodes)
        {
            var job = new LaneJob
            {
                Input = (byte*)values,
                NodeBytes = Block.SizeBytes,
                Key = (uint*)key,
                Flags = mode.Flags | NodeFlags.Parent,
                Output = (byte*)values,
            };
            done = Compress(job, count, mode.Instructions);
        }

        for (; done < count; done++) nodes[done] = new Node(in nodes[2 * done], in nodes[2 * done + 1], in mode).Value();
    }

    /// <returns>How many nodes were compressed: all but fewer than fill the narrowest vector.</returns>
    private static int Compress(LaneJob job, int count, InstructionSet instructions)
    {
        int left = count;
        if (instructions >= InstructionSet.Vector512)
            for (; left >= 32; job.Advance(32), left -= 32) LaneKernel<Vector512<uint>, Lanes512>.Compress<TwoGroups>(in job);
        if (instructions >= InstructionSet.Vector256)
        {
            if (Avx512F.VL.IsSupported)
                for (; left >= 16; job.Advance(16), left -= 16) LaneKernel<Vector256<uint>, Lanes256>.Compress<TwoGroups>(in job);
            for (; left >= 8; job.Advance(8), left -= 8) LaneKernel<Vector256<uint>, Lanes256>.Compress<OneGroup>(in job);
        }

        if (instructions >= InstructionSet.Vector128)
        {
            if (Avx512F.VL.IsSupported || AdvSimd.Arm64.IsSupported)
                for (; left >= 8; job.Advance(8), left -= 8) LaneKernel<Vector128<uint>, Lanes128>.Compress<TwoGroups>(in job);
            for (; left >= 4; job.Advance(4), left -= 4) LaneKernel<Vector128<uint>, Lanes128>.Compress<OneGroup>(in job);
        }

        return count - left;
    }
}
