using System.Runtime.InteropServices;
using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Integrity.Manifests;

/// <summary>
/// A stripe's digests: in memory one for each shard, at the shard's number, zero where no chunk exists; in a manifest without gaps.
/// </summary>
internal static class StripeDigests
{
    /// <summary>How many bytes of the manifest a stripe takes.</summary>
    public static int PackedBytes(FileLayout layout, int stripe) =>
        (layout.DataChunksOf(stripe) + layout.ParityShards) * Digest.SizeBytes;

    public static void Pack(FileLayout layout, int stripe, ReadOnlySpan<Digest> byShard, Span<byte> packed)
    {
        int dataBytes = layout.DataChunksOf(stripe) * Digest.SizeBytes;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(Checked(layout, byShard));
        bytes[..dataBytes].CopyTo(packed);
        bytes[(layout.DataShards * Digest.SizeBytes)..].CopyTo(packed[dataBytes..]);
    }

    public static void Unpack(FileLayout layout, int stripe, ReadOnlySpan<byte> packed, Span<Digest> byShard)
    {
        Checked(layout, byShard);
        int dataChunks = layout.DataChunksOf(stripe);
        Span<byte> bytes = MemoryMarshal.AsBytes(byShard);
        packed[..(dataChunks * Digest.SizeBytes)].CopyTo(bytes);
        byShard[dataChunks..layout.DataShards].Clear();
        packed.Slice(dataChunks * Digest.SizeBytes, layout.ParityShards * Digest.SizeBytes)
            .CopyTo(bytes[(layout.DataShards * Digest.SizeBytes)..]);
    }

    private static ReadOnlySpan<Digest> Checked(FileLayout layout, ReadOnlySpan<Digest> byShard) =>
        byShard.Length == layout.ShardCount
            ? byShard
            : throw new ArgumentException($"A stripe has {layout.ShardCount} digests, not {byShard.Length}.", nameof(byShard));
}
