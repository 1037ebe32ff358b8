using System.Numerics;
using ChunkStream.Core.Integrity.Kernels;

namespace ChunkStream.Core.Integrity;

/// <summary>
/// BLAKE3 of data that comes in pieces, in any of the three modes. Memory: about 3 KiB, however long the data is. Not thread-safe.
/// <para>
/// Long updates go through the vector paths, so feed it pieces of 16 KiB and more where speed matters. A subtree's two halves are kept
/// apart until more data is known to follow: the node above them might be the root.
/// </para>
/// </summary>
public sealed class Blake3Hasher
{
    /// <summary>One chaining value for each set bit of a leaf count, and one more that waits to be merged.</summary>
    private const int MaxStack = 64 - 10 + 1;

    /// <summary>What one thread takes at once: 256 KiB, some 40 µs of work.</summary>
    private const int ParallelPieceBytes = 256 * 1024;

    private readonly HashMode _mode;
    private readonly byte[] _leaf = new byte[Tree.LeafBytes];
    private readonly ChainingValue[] _stack = new ChainingValue[MaxStack];
    private int _leafBytes;
    private int _stackCount;
    private ulong _leavesDone;

    /// <summary>A hasher of the standard hash.</summary>
    public Blake3Hasher() : this(in HashMode.Plain)
    {
    }

    private Blake3Hasher(in HashMode mode) => _mode = mode;

    /// <summary>How many bytes have been hashed since the start or the last <see cref="Reset"/>.</summary>
    public long LengthBytes => (long)_leavesDone * Tree.LeafBytes + _leafBytes;

    /// <exception cref="ArgumentException"><paramref name="key"/> is not 32 bytes long.</exception>
    public static Blake3Hasher Keyed(ReadOnlySpan<byte> key) => new(HashMode.Keyed(key));

    /// <param name="context">As <see cref="Blake3.DeriveKey"/>'s.</param>
    public static Blake3Hasher ForDeriveKey(string context) => new(HashMode.DeriveKey(context));

    /// <summary>Starts over, in the same mode.</summary>
    public void Reset() => (_leafBytes, _stackCount, _leavesDone) = (0, 0, 0);

    public void Update(ReadOnlySpan<byte> data)
    {
        if (_leafBytes > 0)
        {
            data = FillLeaf(data);
            if (data.IsEmpty) return;
            PushBufferedLeaf();
        }

        while (data.Length > Tree.LeafBytes)
        {
            int bytes = NextSubtreeBytes(data.Length);
            PushSubtree(data[..bytes]);
            data = data[bytes..];
        }

        if (data.IsEmpty) return;
        MergeStack();
        FillLeaf(data);
    }

    /// <summary>
    /// The same on several threads of the pool, where the data is long enough to gain by it: 512 KiB and more. Give it pieces of a
    /// multiple of 256 KiB: after another length it goes on with one thread.
    /// </summary>
    /// <param name="data">Read only until the call returns.</param>
    /// <param name="maxThreads">At most so many threads, 1 or more; the caller's is one of them.</param>
    public void UpdateParallel(ReadOnlyMemory<byte> data, int maxThreads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        int count = data.Length / ParallelPieceBytes;
        if (maxThreads == 1 || count < 2 || LengthBytes % ParallelPieceBytes != 0)
        {
            Update(data.Span);
            return;
        }

        if (_leafBytes > 0) PushBufferedLeaf();
        var pieces = new (ChainingValue Left, ChainingValue Right)[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = maxThreads }, i =>
        {
            const int pieceLeaves = ParallelPieceBytes / Tree.LeafBytes;
            pieces[i] = Tree.Children(
                data.Span.Slice(i * ParallelPieceBytes, ParallelPieceBytes), _leavesDone + (ulong)(i * pieceLeaves), in _mode);
        });

        foreach ((ChainingValue left, ChainingValue right) in pieces) PushHalves(in left, in right, ParallelPieceBytes);
        Update(data.Span[(count * ParallelPieceBytes)..]);
    }

    /// <summary>The digest of what has been hashed so far. More may follow.</summary>
    public Digest Finish() => Root().RootDigest();

    /// <summary>The extended output of what has been hashed so far, as long as <paramref name="output"/>. More may follow.</summary>
    public void Finish(Span<byte> output) => Root().RootBytes(output);

    private ReadOnlySpan<byte> FillLeaf(ReadOnlySpan<byte> data)
    {
        int bytes = Math.Min(Tree.LeafBytes - _leafBytes, data.Length);
        data[..bytes].CopyTo(_leaf.AsSpan(_leafBytes));
        _leafBytes += bytes;
        return data[bytes..];
    }

    /// <summary>The largest subtree that starts where we are and that the data fills.</summary>
    private int NextSubtreeBytes(int available)
    {
        int bytes = 1 << BitOperations.Log2((uint)available);
        while ((_leavesDone * Tree.LeafBytes & (ulong)(bytes - 1)) != 0) bytes >>= 1;
        return bytes;
    }

    private void PushSubtree(ReadOnlySpan<byte> data)
    {
        if (data.Length == Tree.LeafBytes)
        {
            Push(new Node(data, _leavesDone, in _mode).Value(), leaves: 1);
            return;
        }

        (ChainingValue left, ChainingValue right) = Tree.Children(data, _leavesDone, in _mode);
        PushHalves(in left, in right, data.Length);
    }

    private void PushHalves(in ChainingValue left, in ChainingValue right, int bytes)
    {
        ulong half = (ulong)(bytes / Tree.LeafBytes / 2);
        Push(in left, half);
        Push(in right, half);
    }

    private void PushBufferedLeaf()
    {
        Push(new Node(_leaf, _leavesDone, in _mode).Value(), leaves: 1);
        _leafBytes = 0;
    }

    private void Push(in ChainingValue value, ulong leaves)
    {
        MergeStack();
        _stack[_stackCount++] = value;
        _leavesDone += leaves;
    }

    /// <summary>More data follows, so no node here is the root: each complete subtree becomes one value.</summary>
    private void MergeStack()
    {
        while (_stackCount > BitOperations.PopCount(_leavesDone))
        {
            _stackCount--;
            _stack[_stackCount - 1] = new Node(in _stack[_stackCount - 1], in _stack[_stackCount], in _mode).Value();
        }
    }

    private Node Root()
    {
        int left = _stackCount;
        Node node;
        if (_leafBytes > 0 || left == 0)
        {
            node = new Node(_leaf.AsSpan(0, _leafBytes), _leavesDone, in _mode);
        }
        else
        {
            left -= 2;
            node = new Node(in _stack[left], in _stack[left + 1], in _mode);
        }

        while (left > 0) node = new Node(in _stack[--left], node.Value(), in _mode);
        return node;
    }
}
