using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>The eight words that a node of the BLAKE3 tree hands to its parent, in the machine's byte order.</summary>
[InlineArray(WordCount)]
internal struct ChainingValue
{
    public const int WordCount = 8;

    private uint _word0;

    /// <summary>The words of 32 little-endian bytes: a key, or a stored digest.</summary>
    public static ChainingValue Of(ReadOnlySpan<byte> bytes)
    {
        ChainingValue value = default;
        Words.Load(bytes, value);
        return value;
    }

    public static ChainingValue Of(in Digest digest) => Of(MemoryMarshal.AsBytes(new ReadOnlySpan<Digest>(in digest)));

    public readonly Digest ToDigest()
    {
        Digest digest = default;
        Words.Store(this, MemoryMarshal.AsBytes(new Span<Digest>(ref digest)));
        return digest;
    }
}
