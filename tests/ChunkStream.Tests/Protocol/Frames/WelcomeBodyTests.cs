using ChunkStream.Protocol.Frames;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Protocol.Frames;

public sealed class WelcomeBodyTests
{
    [Fact]
    public void What_is_written_is_read() => Gen.Guid.Sample(incarnation =>
    {
        byte[] bytes = new byte[WelcomeBody.SizeBytes];
        new WelcomeBody(incarnation).Write(bytes);
        Assert.True(WelcomeBody.TryRead(bytes, out WelcomeBody read));
        Assert.Equal(incarnation, read.Incarnation);
    });

    [Fact]
    public void An_id_stands_in_the_order_in_which_it_is_written_out()
    {
        byte[] bytes = new byte[WelcomeBody.SizeBytes];
        new WelcomeBody(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")).Write(bytes);
        Assert.Equal("00112233445566778899aabbccddeeff", Convert.ToHexStringLower(bytes));
    }

    [Fact]
    public void Another_length_is_refused() => Gen.Byte.Array[0, 40].Sample(bytes =>
        Assert.Equal(bytes.Length == WelcomeBody.SizeBytes, WelcomeBody.TryRead(bytes, out _)));
}
