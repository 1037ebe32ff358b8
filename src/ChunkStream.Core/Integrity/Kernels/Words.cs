using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>BLAKE3 is little-endian; this is where bytes become words and words bytes.</summary>
internal static class Words
{
    /// <summary>Fills <paramref name="words"/>; where there are fewer bytes than words the rest is zero.</summary>
    public static void Load(ReadOnlySpan<byte> bytes, Span<uint> words)
    {
        Span<byte> target = MemoryMarshal.AsBytes(words);
        bytes.CopyTo(target);
        target[bytes.Length..].Clear();
        if (!BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(words, words);
    }

    /// <summary>Fills <paramref name="bytes"/>, which may end within a word.</summary>
    public static void Store(ReadOnlySpan<uint> words, Span<byte> bytes)
    {
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(words)[..bytes.Length].CopyTo(bytes);
            return;
        }

        Span<uint> swapped = stackalloc uint[words.Length];
        BinaryPrimitives.ReverseEndianness(words, swapped);
        MemoryMarshal.AsBytes(swapped)[..bytes.Length].CopyTo(bytes);
    }
}
