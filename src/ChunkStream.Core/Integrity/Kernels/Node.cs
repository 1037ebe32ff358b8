using System.Runtime.CompilerServices;

namespace ChunkStream.Core.Integrity.Kernels;

/// <summary>
/// The last compression of a leaf or of a parent, held back until it is known whether the node is the root: the root's is done with
/// another flag, and as often as output is wanted.
/// </summary>
internal struct Node
{
    private ChainingValue _input;
    private Block _block;
    private readonly ulong _counter;
    private readonly uint _blockBytes;
    private readonly uint _flags;
    private readonly InstructionSet _instructions;

    /// <summary>A leaf: up to 1 KiB.</summary>
    public Node(ReadOnlySpan<byte> leaf, ulong leafNumber, in HashMode mode)
    {
        _input = mode.Key;
        _instructions = mode.Instructions;
        _counter = leafNumber;
        uint start = NodeFlags.LeafStart;
        for (; leaf.Length > Block.SizeBytes; leaf = leaf[Block.SizeBytes..], start = 0)
        {
            Words.Load(leaf[..Block.SizeBytes], _block);
            Compress(_instructions, ref _input, in _block, leafNumber, Block.SizeBytes, mode.Flags | start);
        }

        Words.Load(leaf, _block);
        _blockBytes = (uint)leaf.Length;
        _flags = mode.Flags | start | NodeFlags.LeafEnd;
    }

    /// <summary>A parent of two nodes.</summary>
    public Node(in ChainingValue left, in ChainingValue right, in HashMode mode)
    {
        _input = mode.Key;
        _instructions = mode.Instructions;
        ((ReadOnlySpan<uint>)left).CopyTo(_block);
        ((ReadOnlySpan<uint>)right).CopyTo(((Span<uint>)_block)[ChainingValue.WordCount..]);
        _blockBytes = Block.SizeBytes;
        _flags = mode.Flags | NodeFlags.Parent;
    }

    public readonly ChainingValue Value()
    {
        ChainingValue value = _input;
        Compress(_instructions, ref value, in _block, _counter, _blockBytes, _flags);
        return value;
    }

    public readonly Digest RootDigest()
    {
        ChainingValue value = _input;
        Compress(_instructions, ref value, in _block, 0, _blockBytes, _flags | NodeFlags.Root);
        return value.ToDigest();
    }

    /// <summary>The extended output: as many bytes as there is room for.</summary>
    public readonly void RootBytes(Span<byte> output)
    {
        Unsafe.SkipInit(out Block words);
        for (ulong block = 0; output.Length > 0; block++)
        {
            Scalar.CompressExtended(in _input, in _block, block, _blockBytes, _flags | NodeFlags.Root, ref words);
            int bytes = Math.Min(output.Length, Block.SizeBytes);
            Words.Store(words, output[..bytes]);
            output = output[bytes..];
        }
    }

    private static void Compress(
        InstructionSet instructions, ref ChainingValue value, in Block block, ulong counter, uint blockBytes, uint flags)
    {
        if (instructions == InstructionSet.Scalar) Scalar.Compress(ref value, in block, counter, blockBytes, flags);
        else Rows.Compress(ref value, in block, counter, blockBytes, flags);
    }
}
