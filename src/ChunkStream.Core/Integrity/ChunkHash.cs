using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Integrity;

/// <summary>The hash that stands for a chunk in sidecars, frames and manifests. Doesn't allocate.</summary>
public static class ChunkHash
{
    /// <summary>
    /// A data chunk's is its subtree's chaining value at its offset in the file, or the file's hash where it is the file's only one;
    /// a parity chunk's is the BLAKE3 of its bytes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The layout has no such chunk.</exception>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not as long as this chunk.</exception>
    public static Digest Of(FileLayout layout, ChunkIndex index, ReadOnlySpan<byte> bytes)
    {
        int lengthBytes = layout.LengthOf(index);
        if (bytes.Length != lengthBytes)
            throw new ArgumentException($"Chunk {index} is {lengthBytes} bytes, not {bytes.Length}.", nameof(bytes));
        return layout.IsParity(index) || layout.IsSingleChunk ? Blake3.Hash(bytes) : Blake3.Subtree(bytes, layout.OffsetOf(index));
    }
}
