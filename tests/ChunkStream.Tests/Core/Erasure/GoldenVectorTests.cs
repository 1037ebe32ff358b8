using ChunkStream.Core.Erasure;
using Xunit;

namespace ChunkStream.Tests.Core.Erasure;

public sealed class GoldenVectorTests
{
    // k, m, length, and the FNV-1a of all parity chunks one after the other, as ISA-L 2.30's gf_gen_cauchy1_matrix, ec_init_tables
    // and ec_encode_data_base make them from the self-test's pattern.
    private static readonly (int DataShards, int ParityShards, int LengthBytes, ulong Hash)[] s_golden =
    [
        (1, 1, 17, 0x176AB842C39EE7B8),
        (1, 4, 1, 0xF31308CCECF77AC8),
        (2, 1, 63, 0xDABB3EA8A0C6A289),
        (3, 2, 64, 0x20B2223F909DEB24),
        (4, 2, 65, 0xD07BDBEF203A4A30),
        (5, 5, 127, 0x4F75878BEC926C3F),
        (6, 3, 255, 0xD68672D7E0B9CB8E),
        (10, 3, 4096, 0xAB85BAA9AAAE1A85),
        (10, 3, 1000, 0xD34E270098FD5477),
        (16, 4, 513, 0x606F5C87665FCD87),
        (17, 3, 100, 0xB59D4C990CA0E1D8),
        (32, 8, 777, 0x6C2885AC0DBB2DD4),
        (64, 20, 300, 0x33A0BCDA688E9E17),
        (100, 7, 131, 0xB43E237A6F989227),
        (128, 127, 97, 0x0F5E563DA05381C0),
    ];

    [Theory]
    [MemberData(nameof(Kernels.Names), MemberType = typeof(Kernels))]
    public void ParityIsTheGoldenOne(string kernel)
    {
        foreach ((int dataShards, int parityShards, int lengthBytes, ulong expected) in s_golden)
        {
            ReadOnlyMemory<byte>[] data = [.. Enumerable.Range(0, dataShards).Select(shard => ErasureSelfTest.Pattern(shard, lengthBytes))];
            Memory<byte>[] parity = [.. Enumerable.Range(0, parityShards).Select(_ => new byte[lengthBytes])];
            new ReedSolomon(dataShards, parityShards, Kernels.Of(kernel)).Encode(data, parity);

            ulong hash = ErasureSelfTest.Fnv1a([]);
            foreach (Memory<byte> chunk in parity) hash = ErasureSelfTest.Fnv1a(chunk.Span, hash);
            Assert.True(hash == expected, $"{dataShards}+{parityShards}, {lengthBytes} bytes: 0x{hash:X16} instead of 0x{expected:X16}.");
        }
    }

    [Fact]
    public void FirstBytesOfTenPlusThree()
    {
        ReadOnlyMemory<byte>[] data = [.. Enumerable.Range(0, 10).Select(shard => ErasureSelfTest.Pattern(shard, 8))];
        Memory<byte>[] parity = [new byte[8], new byte[8], new byte[8]];
        ReedSolomon.Create(10, 3).Encode(data, parity);
        Assert.Equal(["B3EC3EEB473432F2", "B5C8699760F28E68", "1932E56E81BC68E2"], parity.Select(chunk => Convert.ToHexString(chunk.Span)));
    }

    [Theory]
    [MemberData(nameof(Kernels.Names), MemberType = typeof(Kernels))]
    public void TheSelfTestPasses(string kernel) => ErasureSelfTest.Run(Kernels.Of(kernel));

    [Fact]
    public void TheSelfTestRefusesOtherParity()
    {
        ErasureSelfTestException refusal =
            Assert.Throws<ErasureSelfTestException>(() => ErasureSelfTest.Run(new ScalarKernel(), [0xD523FE98220BA9E2, 1]));
        Assert.Contains("'scalar' computes wrong bytes at 10+2", refusal.Message, StringComparison.Ordinal);
    }
}
