using ChunkStream.Core.Integrity;
using Xunit;

namespace ChunkStream.Tests.Core.Integrity;

/// <summary>Hashes that b3sum 1.2.0 printed for files with these bytes.</summary>
public sealed class Blake3GoldenTests
{
    [Theory]
    [InlineData(0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262")]
    [InlineData(1, "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213")]
    [InlineData(1024, "de4f206ae12fb8c2acc5bc223a1e1a6f31b7f6abf9555f58fa9ee0155d387ecd")]
    [InlineData(1025, "6787995607c3cebaac9a0b0cd5cd2b7308c731d6b5eb7d47c9bc3708168a98c1")]
    [InlineData(65536, "e263fb0d7b0701e0022c83a78d6bbb5920d64aa314157762551d42c744abec30")]
    [InlineData(262144, "8a5f2910fa660f8f244c00bed225ddcc93cbfeb0fb2d358c14467599284ea0b7")]
    [InlineData(262145, "b35fa085c6bb0861fcdea6b4094a448a5ce6739035614c54d1675ab4c03a3f84")]
    [InlineData(1_000_000, "37585e559f3972a9cab7e9ff1f7380ea9b3168fcca7751b6e0155f62a93456ae")]
    public void Hash_is_what_b3sum_prints(int lengthBytes, string expected)
    {
        byte[] data = Bytes(lengthBytes);
        Assert.Equal(expected, Blake3.Hash(data).ToString());
        Assert.Equal(expected, Blake3.HashParallel(data, maxThreads: 3).ToString());
    }

    [Fact]
    public void A_file_of_21_MiB_in_pieces_of_1_MiB()
    {
        byte[] piece = Bytes(1 << 20);
        var hasher = new Blake3Hasher();
        for (int i = 0; i < 21; i++) hasher.Update(piece);
        Assert.Equal("6223e03c449b2aa21cef007a589d9fdd0590fbe4c35ab4160928474af08be9de", hasher.Finish().ToString());
    }

    private static byte[] Bytes(int lengthBytes)
    {
        byte[] data = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) data[i] = (byte)(i * 31 + (i >> 8) * 7);
        return data;
    }
}
