using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>
/// One block at a time, with the four quarter rounds of the compression side by side: the state's rows are vectors. For what is too
/// little for lanes: the top of the tree, and the last leaf.
/// </summary>
internal static unsafe class Rows
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Compress(ref ChainingValue value, in Block block, ulong counter, uint blockBytes, uint flags)
    {
        fixed (ChainingValue* words = &value)
        fixed (Block* message = &block)
        {
            Vector128<uint> a = Vector128.Load((uint*)words), b = Vector128.Load((uint*)words + 4);
            Vector128<uint> c = Vector128.Create(Scalar.Iv0, Scalar.Iv1, Scalar.Iv2, Scalar.Iv3);
            Vector128<uint> d = Vector128.Create((uint)counter, (uint)(counter >> 32), blockBytes, flags);
            uint* m = (uint*)message;
            byte* s = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(MessageSchedule.Words)); // In the image: never moves.
            for (byte* end = s + MessageSchedule.Rounds * Block.WordCount; s != end; s += Block.WordCount)
            {
                Mix(ref a, ref b, ref c, ref d,
                    Vector128.Create(m[s[0]], m[s[2]], m[s[4]], m[s[6]]), Vector128.Create(m[s[1]], m[s[3]], m[s[5]], m[s[7]]));

                // The diagonals become columns, and columns again.
                b = Vector128.Shuffle(b, Vector128.Create(1u, 2, 3, 0));
                c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
                d = Vector128.Shuffle(d, Vector128.Create(3u, 0, 1, 2));
                Mix(ref a, ref b, ref c, ref d,
                    Vector128.Create(m[s[8]], m[s[10]], m[s[12]], m[s[14]]), Vector128.Create(m[s[9]], m[s[11]], m[s[13]], m[s[15]]));
                b = Vector128.Shuffle(b, Vector128.Create(3u, 0, 1, 2));
                c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
                d = Vector128.Shuffle(d, Vector128.Create(1u, 2, 3, 0));
            }

            (a ^ c).Store((uint*)words);
            (b ^ d).Store((uint*)words + 4);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(
        ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d, Vector128<uint> x, Vector128<uint> y)
    {
        a = a + x + b;
        d = Lanes128.RotateRight16(d ^ a);
        c += d;
        b = Lanes128.RotateRight12(b ^ c);
        a = a + y + b;
        d = Lanes128.RotateRight8(d ^ a);
        c += d;
        b = Lanes128.RotateRight7(b ^ c);
    }
}
