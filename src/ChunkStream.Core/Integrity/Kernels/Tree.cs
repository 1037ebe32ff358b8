using System.Numerics;
using System.Runtime.CompilerServices;

namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>
/// The shape of BLAKE3's tree: leaves of 1 KiB; of a node's leaves the left child has the largest power of two that leaves at least one
/// to the right. The same shape comes from pairing neighbours level by level and carrying an odd last one up, which is how runs of
/// leaves are reduced here: a level at a time, so that vector paths always have many nodes at hand.
/// </summary>
internal static class Tree
{
    public const int LeafBytes = 1024;

    /// <summary>The longest run: that of the largest chunk. Longer input is halved first. Its values take 32 KiB of stack.</summary>
    private const int MaxRunLeaves = 1024;

    /// <summary>The root node of a whole input, ready to be finalised.</summary>
    public static Node Root(ReadOnlySpan<byte> data, in HashMode mode)
    {
        if (data.Length <= LeafBytes) return new Node(data, 0, in mode);
        (ChainingValue left, ChainingValue right) = Children(data, 0, in mode);
        return new Node(in left, in right, in mode);
    }

    /// <summary>The chaining value of the subtree of <paramref name="data"/>, which is not the root.</summary>
    public static ChainingValue Subtree(ReadOnlySpan<byte> data, ulong firstLeaf, in HashMode mode)
    {
        if (data.Length <= LeafBytes) return new Node(data, firstLeaf, in mode).Value();
        (ChainingValue left, ChainingValue right) = Children(data, firstLeaf, in mode);
        return new Node(in left, in right, in mode).Value();
    }

    /// <summary>The chaining values of the two children of a subtree of more than one leaf.</summary>
    [SkipLocalsInit]
    public static (ChainingValue Left, ChainingValue Right) Children(ReadOnlySpan<byte> data, ulong firstLeaf, in HashMode mode)
    {
        if (data.Length > MaxRunLeaves * LeafBytes)
        {
            int leftBytes = LeftBytes(data.Length);
            return (Subtree(data[..leftBytes], firstLeaf, in mode),
                Subtree(data[leftBytes..], firstLeaf + (ulong)(leftBytes / LeafBytes), in mode));
        }

        Span<ChainingValue> nodes = stackalloc ChainingValue[(data.Length + LeafBytes - 1) / LeafBytes];
        int fullLeaves = data.Length / LeafBytes;
        Lanes.CompressLeaves(data[..(fullLeaves * LeafBytes)], firstLeaf, in mode, nodes);
        if (fullLeaves < nodes.Length)
            nodes[fullLeaves] = new Node(data[(fullLeaves * LeafBytes)..], firstLeaf + (ulong)fullLeaves, in mode).Value();
        Reduce(nodes, to: 2, in mode);
        return (nodes[0], nodes[1]);
    }

    /// <summary>Merges neighbours in place, level by level, until no more than <paramref name="to"/> nodes are left.</summary>
    /// <returns>How many are left.</returns>
    public static int Reduce(Span<ChainingValue> nodes, int to, in HashMode mode)
    {
        while (nodes.Length > to)
        {
            Lanes.CompressParents(nodes, in mode);
            if (nodes.Length % 2 == 1) nodes[nodes.Length / 2] = nodes[^1];
            nodes = nodes[..((nodes.Length + 1) / 2)];
        }
        return nodes.Length;
    }

    /// <summary>How many bytes of a subtree of more than one leaf belong to its left child.</summary>
    private static int LeftBytes(int lengthBytes) => (int)(BitOperations.RoundUpToPowerOf2((uint)lengthBytes) >> 1);
}
