using System.Numerics;
using ChunkStream.Core.Integrity.Kernels;

namespace ChunkStream.Core.Integrity;

/// <summary>
/// Step 2 of 8, hash. From <see cref="Erasure.ReedSolomon"/>.
/// <para>
/// BLAKE3 is a binary tree over leaves of 1 KiB. A data chunk is a power of two of leaves, so it is a subtree: its hash is that
/// subtree's chaining value (<see cref="Subtree"/>), and the values of all data chunks merge to the standard BLAKE3 of the file
/// (<see cref="SubtreeMerger"/>) without reading a byte again, in whatever order the chunks arrive.
/// </para>
/// Nothing here allocates, but for <see cref="HashParallel"/> and <see cref="DeriveKey"/>.
/// </summary>
public static class Blake3
{
    /// <summary>The leaves of the tree, in bytes.</summary>
    public const int LeafBytes = Tree.LeafBytes;

    /// <summary>The least that is worth a thread of its own: 128 KiB, some 20 µs of work.</summary>
    private const int MinParallelBytes = 128 * 1024;

    /// <summary>The standard hash: what <c>b3sum</c> prints.</summary>
    public static Digest Hash(ReadOnlySpan<byte> data) => Tree.Root(data, in HashMode.Plain).RootDigest();

    /// <summary>The standard hash with an output of any length, of which the first 32 bytes are the <see cref="Digest"/>.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> output) => Tree.Root(data, in HashMode.Plain).RootBytes(output);

    /// <summary>The standard hash, computed on several threads of the pool where the data is long enough to gain by it.</summary>
    /// <param name="data">Read only until the call returns.</param>
    /// <param name="maxThreads">At most so many threads, 1 or more; the caller's is one of them.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxThreads"/> is less than 1.</exception>
    public static Digest HashParallel(ReadOnlyMemory<byte> data, int maxThreads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        if (maxThreads == 1 || data.Length <= MinParallelBytes) return Hash(data.Span);
        ChainingValue[] pieces = new ChainingValue[(data.Length - 1) / MinParallelBytes + 1];
        Parallel.For(0, pieces.Length, new ParallelOptions { MaxDegreeOfParallelism = maxThreads }, i =>
        {
            ReadOnlySpan<byte> rest = data.Span[(i * MinParallelBytes)..];
            pieces[i] = Tree.Subtree(
                rest[..Math.Min(rest.Length, MinParallelBytes)], (ulong)i * (MinParallelBytes / LeafBytes), in HashMode.Plain);
        });
        Tree.Reduce(pieces, to: 2, in HashMode.Plain);
        return new Node(in pieces[0], in pieces[1], in HashMode.Plain).RootDigest();
    }

    /// <summary>The keyed hash, a message authentication code.</summary>
    /// <exception cref="ArgumentException"><paramref name="key"/> is not 32 bytes long.</exception>
    public static void KeyedHash(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> output) =>
        Tree.Root(data, HashMode.Keyed(key)).RootBytes(output);

    /// <summary>Derives a key from key material, for the one purpose that the context names.</summary>
    /// <param name="context">Hard-coded, globally unique, in the form "application date purpose".</param>
    /// <param name="material">The secret; of any length.</param>
    /// <param name="output">The derived key; of any length.</param>
    public static void DeriveKey(string context, ReadOnlySpan<byte> material, Span<byte> output) =>
        Tree.Root(material, HashMode.DeriveKey(context)).RootBytes(output);

    /// <summary>
    /// The chaining value of a piece of a file as a subtree of the file's tree. It is not a hash of its own: a piece that is the whole
    /// file has <see cref="Hash(ReadOnlySpan{byte})"/> instead.
    /// </summary>
    /// <param name="data">A power of two of leaves; or, at the file's end, fewer bytes, at least one.</param>
    /// <param name="offsetBytes">Where the piece starts: a multiple of its length, rounded up to a power of two of leaves.</param>
    /// <exception cref="ArgumentException">The piece is empty, or no subtree starts at this offset and is so long.</exception>
    public static Digest Subtree(ReadOnlySpan<byte> data, long offsetBytes)
    {
        if (data.IsEmpty) throw new ArgumentException("An empty piece is no subtree.", nameof(data));
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ulong leaves = BitOperations.RoundUpToPowerOf2(((ulong)data.Length + LeafBytes - 1) / LeafBytes);
        if ((ulong)offsetBytes % (leaves * LeafBytes) != 0)
            throw new ArgumentException($"No subtree of {data.Length} bytes starts at offset {offsetBytes}.", nameof(offsetBytes));
        return Tree.Subtree(data, (ulong)offsetBytes / LeafBytes, in HashMode.Plain).ToDigest();
    }

    /// <summary>The value of the node above two siblings; with <paramref name="isRoot"/> it is the file's hash.</summary>
    public static Digest Parent(in Digest left, in Digest right, bool isRoot)
    {
        var node = new Node(ChainingValue.Of(in left), ChainingValue.Of(in right), in HashMode.Plain);
        return isRoot ? node.RootDigest() : node.Value().ToDigest();
    }
}
