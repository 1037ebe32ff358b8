namespace ChunkStream.Core.Erasure;

/// <summary>The memory form of a <see cref="NibbleTable{TVector}"/>: 16 low products, then 16 high ones.</summary>
internal static class NibbleTables
{
    public const int SizeBytes = 32;
    public const int HighOffsetBytes = 16;

    public static void Write(byte coefficient, Span<byte> table)
    {
        for (int nibble = 0; nibble < 16; nibble++)
        {
            table[nibble] = GaloisField.Multiply(coefficient, (byte)nibble);
            table[HighOffsetBytes + nibble] = GaloisField.Multiply(coefficient, (byte)(nibble << 4));
        }
    }
}
