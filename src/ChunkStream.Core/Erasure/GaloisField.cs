namespace ChunkStream.Core.Erasure;

/// <summary>
/// Arithmetic in GF(2^8) with the polynomial x^8 + x^4 + x^3 + x^2 + 1 (0x11D), in which 2 generates every element but zero.
/// Addition is exclusive or. This is the field of ISA-L, and of Reed-Solomon as most storage systems use it.
/// </summary>
internal static class GaloisField
{
    public const int Polynomial = 0x11D;

    private static readonly byte[] s_exp = new byte[512];
    private static readonly byte[] s_log = new byte[256];
    private static readonly byte[] s_products;

    static GaloisField()
    {
        int value = 1;
        for (int power = 0; power < 255; power++)
        {
            s_exp[power] = s_exp[power + 255] = (byte)value;
            s_log[value] = (byte)power;
            value <<= 1;
            if (value > 255) value ^= Polynomial;
        }

        s_products = new byte[256 * 256];
        for (int a = 1; a < 256; a++)
        {
            for (int b = 1; b < 256; b++) s_products[a << 8 | b] = s_exp[s_log[a] + s_log[b]];
        }
    }

    public static byte Multiply(byte a, byte b) => s_products[a << 8 | b];

    /// <summary>The 256 products of a coefficient: a row of the multiplication table.</summary>
    public static ReadOnlySpan<byte> ProductsOf(byte coefficient) => s_products.AsSpan(coefficient << 8, 256);

    /// <exception cref="DivideByZeroException"><paramref name="value"/> is zero.</exception>
    public static byte Inverse(byte value) =>
        value == 0 ? throw new DivideByZeroException("Zero has no inverse in a field.") : s_exp[255 - s_log[value]];
}
