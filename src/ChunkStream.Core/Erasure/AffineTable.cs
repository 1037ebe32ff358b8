using System.Buffers.Binary;

namespace ChunkStream.Core.Erasure;

/// <summary>
/// Multiplication by a coefficient is linear over GF(2), so it is an 8 × 8 matrix of bits, which <c>gf2p8affineqb</c> applies to each
/// byte. The instruction takes bit i of a result from byte 7 - i of the matrix: the parity of that byte AND the operand.
/// (Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, GF2P8AFFINEQB.)
/// </summary>
internal static class AffineTable
{
    public const int SizeBytes = 8;

    public static void Write(byte coefficient, Span<byte> table)
    {
        ulong matrix = 0;
        for (int column = 0; column < 8; column++)
        {
            byte product = GaloisField.Multiply(coefficient, (byte)(1 << column));
            for (int row = 0; row < 8; row++) matrix |= (ulong)(product >> row & 1) << ((7 - row) * 8 + column);
        }
        BinaryPrimitives.WriteUInt64LittleEndian(table, matrix);
    }
}
