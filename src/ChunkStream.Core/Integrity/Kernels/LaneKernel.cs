using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>
/// Compresses many nodes at once, a node a lane: word <c>i</c> of every node's state is one vector, so that the compression function is
/// written as for one node, on vectors.
/// <para>
/// Two groups of lanes, <c>a</c> and <c>b</c>, are interleaved where there are registers for it, because one alone leaves the processor
/// waiting for its own results. Their two states fill the 32 vector registers of AVX-512 and of Arm64 exactly, so the message,
/// transposed, stays in the first-level cache: there it is an operand of an addition. The rounds are a loop over a table of the
/// message's order and not written out, so that the compiler doesn't take the message into registers, where it would push the state out.
/// </para>
/// </summary>
internal static unsafe class LaneKernel<TVector, TLanes>
    where TVector : unmanaged
    where TLanes : struct, ILanes<TVector>
{
    private const int Alignment = 64;
    private const int PrefetchBlocks = 4;

    /// <summary>Compresses as many nodes of a job as the groups have lanes. Their counters have the same upper 32 bits.</summary>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress<TGroups>(in LaneJob job) where TGroups : struct, ILaneGroups
    {
        int vectorBytes = sizeof(TVector), rowBytes = 2 * vectorBytes;
        byte* memory = stackalloc byte[(2 * Block.WordCount + 2 * ChainingValue.WordCount) * sizeof(TVector) + Alignment];
        byte* message = (byte*)((nint)(memory + Alignment - 1) & -Alignment);
        byte* value = message + Block.WordCount * rowBytes;
        int prefetchesPerRound = TGroups.Count * TLanes.Count / MessageSchedule.Rounds + 1;
        byte* schedule = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(MessageSchedule.Words)); // In the image: never moves.
        for (int i = 0; i < ChainingValue.WordCount; i++)
        {
            TVector word = TLanes.Broadcast(job.Key[i]);
            Store(word, value, i);
            Store(word, value, ChainingValue.WordCount + i);
        }

        int blocks = job.NodeBytes / Block.SizeBytes;
        for (int block = 0; block < blocks; block++)
        {
            byte* input = job.Input + block * Block.SizeBytes;
            TLanes.TransposeBlock(input, job.NodeBytes, message, rowBytes);
            if (TGroups.Count == 2)
                TLanes.TransposeBlock(input + TLanes.Count * job.NodeBytes, job.NodeBytes, message + vectorBytes, rowBytes);

            uint flags = job.Flags | (block == 0 ? job.FirstFlags : 0) | (block == blocks - 1 ? job.LastFlags : 0);
            TVector a0 = Load(value, 0), a1 = Load(value, 1);
            TVector a2 = Load(value, 2), a3 = Load(value, 3);
            TVector a4 = Load(value, 4), a5 = Load(value, 5);
            TVector a6 = Load(value, 6), a7 = Load(value, 7);
            TVector b0 = Load(value, 8), b1 = Load(value, 9);
            TVector b2 = Load(value, 10), b3 = Load(value, 11);
            TVector b4 = Load(value, 12), b5 = Load(value, 13);
            TVector b6 = Load(value, 14), b7 = Load(value, 15);
            TVector a8 = TLanes.Broadcast(Scalar.Iv0), a9 = TLanes.Broadcast(Scalar.Iv1);
            TVector a10 = TLanes.Broadcast(Scalar.Iv2), a11 = TLanes.Broadcast(Scalar.Iv3);
            TVector b8 = a8, b9 = a9, b10 = a10, b11 = a11;
            TVector a12 = TLanes.Broadcast((uint)job.Counter);
            if (job.CounterStep != 0) a12 = TLanes.Add(a12, TLanes.Indices);
            TVector b12 = TLanes.Add(a12, TLanes.Broadcast((uint)TLanes.Count * job.CounterStep));
            TVector a13 = TLanes.Broadcast((uint)(job.Counter >> 32));
            TVector a14 = TLanes.Broadcast(Block.SizeBytes), a15 = TLanes.Broadcast(flags);
            TVector b13 = a13, b14 = a14, b15 = a15;

            byte* next = NextInput(in job, TGroups.Count * TLanes.Count, block);
            byte* s = schedule;
            byte* end = schedule + MessageSchedule.Rounds * Block.WordCount;
            do
            {
                MixFar(ref a0, ref a4, ref a8, ref a12, message + s[0] * rowBytes);
                MixFar(ref a1, ref a5, ref a9, ref a13, message + s[2] * rowBytes);
                MixFar(ref a2, ref a6, ref a10, ref a14, message + s[4] * rowBytes);
                MixFar(ref a3, ref a7, ref a11, ref a15, message + s[6] * rowBytes);
                if (TGroups.Count == 2)
                {
                    MixFar(ref b0, ref b4, ref b8, ref b12, message + s[0] * rowBytes + vectorBytes);
                    MixFar(ref b1, ref b5, ref b9, ref b13, message + s[2] * rowBytes + vectorBytes);
                    MixFar(ref b2, ref b6, ref b10, ref b14, message + s[4] * rowBytes + vectorBytes);
                    MixFar(ref b3, ref b7, ref b11, ref b15, message + s[6] * rowBytes + vectorBytes);
                }

                MixNear(ref a0, ref a4, ref a8, ref a12, message + s[1] * rowBytes);
                MixNear(ref a1, ref a5, ref a9, ref a13, message + s[3] * rowBytes);
                MixNear(ref a2, ref a6, ref a10, ref a14, message + s[5] * rowBytes);
                MixNear(ref a3, ref a7, ref a11, ref a15, message + s[7] * rowBytes);
                if (TGroups.Count == 2)
                {
                    MixNear(ref b0, ref b4, ref b8, ref b12, message + s[1] * rowBytes + vectorBytes);
                    MixNear(ref b1, ref b5, ref b9, ref b13, message + s[3] * rowBytes + vectorBytes);
                    MixNear(ref b2, ref b6, ref b10, ref b14, message + s[5] * rowBytes + vectorBytes);
                    MixNear(ref b3, ref b7, ref b11, ref b15, message + s[7] * rowBytes + vectorBytes);
                }

                MixFar(ref a0, ref a5, ref a10, ref a15, message + s[8] * rowBytes);
                MixFar(ref a1, ref a6, ref a11, ref a12, message + s[10] * rowBytes);
                MixFar(ref a2, ref a7, ref a8, ref a13, message + s[12] * rowBytes);
                MixFar(ref a3, ref a4, ref a9, ref a14, message + s[14] * rowBytes);
                if (TGroups.Count == 2)
                {
                    MixFar(ref b0, ref b5, ref b10, ref b15, message + s[8] * rowBytes + vectorBytes);
                    MixFar(ref b1, ref b6, ref b11, ref b12, message + s[10] * rowBytes + vectorBytes);
                    MixFar(ref b2, ref b7, ref b8, ref b13, message + s[12] * rowBytes + vectorBytes);
                    MixFar(ref b3, ref b4, ref b9, ref b14, message + s[14] * rowBytes + vectorBytes);
                }

                MixNear(ref a0, ref a5, ref a10, ref a15, message + s[9] * rowBytes);
                MixNear(ref a1, ref a6, ref a11, ref a12, message + s[11] * rowBytes);
                MixNear(ref a2, ref a7, ref a8, ref a13, message + s[13] * rowBytes);
                MixNear(ref a3, ref a4, ref a9, ref a14, message + s[15] * rowBytes);
                if (TGroups.Count == 2)
                {
                    MixNear(ref b0, ref b5, ref b10, ref b15, message + s[9] * rowBytes + vectorBytes);
                    MixNear(ref b1, ref b6, ref b11, ref b12, message + s[11] * rowBytes + vectorBytes);
                    MixNear(ref b2, ref b7, ref b8, ref b13, message + s[13] * rowBytes + vectorBytes);
                    MixNear(ref b3, ref b4, ref b9, ref b14, message + s[15] * rowBytes + vectorBytes);
                }

                // A few at a time: all at once they would fill the queue of outstanding loads.
                if (Sse.IsSupported)
                    for (int node = 0; node < prefetchesPerRound; node++, next += job.NodeBytes) Sse.Prefetch0(next);

                s += Block.WordCount;
            }
            while (s != end);

            Store(TLanes.Xor(a0, a8), value, 0); Store(TLanes.Xor(a1, a9), value, 1);
            Store(TLanes.Xor(a2, a10), value, 2); Store(TLanes.Xor(a3, a11), value, 3);
            Store(TLanes.Xor(a4, a12), value, 4); Store(TLanes.Xor(a5, a13), value, 5);
            Store(TLanes.Xor(a6, a14), value, 6); Store(TLanes.Xor(a7, a15), value, 7);
            if (TGroups.Count == 2)
            {
                Store(TLanes.Xor(b0, b8), value, 8); Store(TLanes.Xor(b1, b9), value, 9);
                Store(TLanes.Xor(b2, b10), value, 10); Store(TLanes.Xor(b3, b11), value, 11);
                Store(TLanes.Xor(b4, b12), value, 12); Store(TLanes.Xor(b5, b13), value, 13);
                Store(TLanes.Xor(b6, b14), value, 14); Store(TLanes.Xor(b7, b15), value, 15);
            }
        }

        Transposition<TVector, TLanes>.Values(value, job.Output);
        if (TGroups.Count == 1) return;
        value += ChainingValue.WordCount * vectorBytes;
        Transposition<TVector, TLanes>.Values(value, job.Output + TLanes.Count * Digest.SizeBytes);
    }

    /// <summary>The first half of the quarter round; its rotations are by 16 and 12.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MixFar(ref TVector a, ref TVector b, ref TVector c, ref TVector d, byte* message)
    {
        a = TLanes.Add(TLanes.Add(a, TLanes.Load((uint*)message)), b);
        d = TLanes.RotateRight16(TLanes.Xor(d, a));
        c = TLanes.Add(c, d);
        b = TLanes.RotateRight12(TLanes.Xor(b, c));
    }

    /// <summary>The second half; its rotations are by 8 and 7.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MixNear(ref TVector a, ref TVector b, ref TVector c, ref TVector d, byte* message)
    {
        a = TLanes.Add(TLanes.Add(a, TLanes.Load((uint*)message)), b);
        d = TLanes.RotateRight8(TLanes.Xor(d, a));
        c = TLanes.Add(c, d);
        b = TLanes.RotateRight7(TLanes.Xor(b, c));
    }

    /// <summary>
    /// The first node's block that comes <see cref="PrefetchBlocks"/> later: here, or in the next call's nodes. The processor's own
    /// prefetching doesn't follow so many streams at once.
    /// </summary>
    private static byte* NextInput(in LaneJob job, int nodes, int block)
    {
        byte* next = job.Input + (block + PrefetchBlocks) * Block.SizeBytes;
        return (block + PrefetchBlocks) * Block.SizeBytes < job.NodeBytes ? next : next + (nint)(nodes - 1) * job.NodeBytes;
    }

    private static TVector Load(byte* vectors, int index) => TLanes.Load((uint*)vectors + index * TLanes.Count);

    private static void Store(TVector vector, byte* vectors, int index) => TLanes.Store(vector, (uint*)vectors + index * TLanes.Count);
}
