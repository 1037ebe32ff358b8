using ChunkStream.Core.Erasure;
using Xunit;

namespace ChunkStream.Tests.Core.Erasure;

public sealed class GaloisFieldTests
{
    [Fact]
    public void MultiplicationIsThatOfPolynomialsModulo0x11D()
    {
        for (int a = 0; a < 256; a++)
        {
            for (int b = 0; b < 256; b++)
            {
                int product = 0;
                for (int bit = 0; bit < 8; bit++)
                {
                    if ((b >> bit & 1) != 0) product ^= a << bit;
                }
                for (int bit = 14; bit >= 8; bit--)
                {
                    if ((product >> bit & 1) != 0) product ^= 0x11D << bit - 8;
                }
                Assert.Equal((byte)product, GaloisField.Multiply((byte)a, (byte)b));
            }
        }
    }

    [Fact]
    public void AnElementTimesItsInverseIsOne()
    {
        for (int value = 1; value < 256; value++) Assert.Equal(1, GaloisField.Multiply((byte)value, GaloisField.Inverse((byte)value)));
        Assert.Throws<DivideByZeroException>(() => GaloisField.Inverse(0));
    }
}
