using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Erasure;

/// <summary>
/// Wrong parity is found only when a chunk is lost, which is too late. So when a service starts, and before the first use anywhere, a
/// kernel must make golden parity, and must make lost chunks again, with each number of outputs that it has code for.
/// </summary>
internal static class ErasureSelfTest
{
    private const int DataShards = 10;
    private const int LengthBytes = 1031;

    /// <summary>The FNV-1a of parity chunk 0 to 5 of a 10+6 stripe of the test pattern, as ISA-L makes them.</summary>
    private static readonly ulong[] s_golden =
    [
        0xD523FE98220BA9E2, 0x9CE8AF412D1218B8, 0x2D2569925B1EDD18, 0xEF260F6E9B2C42AE, 0x20B55FA4FCD4C932, 0x3BA688D926E9504B,
    ];

    /// <exception cref="ErasureSelfTestException">The kernel computes wrong bytes on this machine.</exception>
    public static void Run(ErasureKernel kernel) => Run(kernel, s_golden);

    internal static void Run(ErasureKernel kernel, ReadOnlySpan<ulong> golden)
    {
        for (int parityShards = 1; parityShards <= golden.Length; parityShards++)
        {
            if (!Passes(new ReedSolomon(DataShards, parityShards, kernel), golden))
            {
                throw new ErasureSelfTestException(
                    $"The self-test of the erasure code failed: kernel '{kernel.Name}' computes wrong bytes at {DataShards}+{parityShards}. "
                    + "This machine must not code chunks.");
            }
        }
    }

    private static bool Passes(ReedSolomon code, ReadOnlySpan<ulong> golden)
    {
        var shards = new Memory<byte>[code.ShardCount];
        for (int shard = 0; shard < shards.Length; shard++) shards[shard] = shard < DataShards ? Pattern(shard, LengthBytes) : new byte[LengthBytes];

        code.Encode(CodingJob.AsReadOnly(shards.AsSpan(0, DataShards)), shards.AsSpan(DataShards));
        for (int parity = 0; parity < code.ParityShards; parity++)
        {
            if (Fnv1a(shards[DataShards + parity].Span) != golden[parity]) return false;
        }

        ShardSet lost = ShardSet.FirstShards(code.ParityShards);
        foreach (int shard in lost) shards[shard].Span.Fill(0xA5);
        if (!code.Reconstruct(shards, ShardSet.Range(code.ParityShards, code.ShardCount), lost, LengthBytes).IsOk) return false;
        foreach (int shard in lost)
        {
            if (!shards[shard].Span.SequenceEqual(Pattern(shard, LengthBytes))) return false;
        }
        return true;
    }

    /// <summary>The bytes of a data chunk that golden values are made of.</summary>
    internal static byte[] Pattern(int shard, int lengthBytes)
    {
        byte[] bytes = new byte[lengthBytes];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)((i * 131 + shard * 197 + 89) >> 3 ^ i ^ shard);
        return bytes;
    }

    internal static ulong Fnv1a(ReadOnlySpan<byte> bytes, ulong hash = 0xCBF29CE484222325)
    {
        foreach (byte value in bytes) hash = (hash ^ value) * 0x100000001B3;
        return hash;
    }
}
