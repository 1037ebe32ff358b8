using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Frames;

namespace ChunkStream.Transport.Buffers;

/// <summary>
/// One chunk's bytes with room in front for its frame header and hash, so that a chunk is read, hashed, coded and written to a lane
/// in one place. Belongs to a <see cref="ChunkBufferPool"/>; disposing it gives it back.
/// </summary>
public sealed class ChunkBuffer : IDisposable
{
    // The payload starts at a cache line; the header and the hash lie right before it.
    private const int PayloadOffset = 64;
    private const int HashOffset = PayloadOffset - Digest.SizeBytes;
    private const int HeaderOffset = HashOffset - FrameHeader.SizeBytes;

    private readonly ChunkBufferPool _pool;
    private readonly byte[] _bytes;
    private int _rented;

    internal ChunkBuffer(ChunkBufferPool pool, int chunkBytes)
    {
        _pool = pool;
        _bytes = GC.AllocateUninitializedArray<byte>(PayloadOffset + chunkBytes, pinned: true);
    }

    /// <summary>Which chunk this is.</summary>
    public ChunkIndex Index { get; private set; }

    /// <summary>The chunk's length.</summary>
    public int LengthBytes { get; private set; }

    public Digest Hash => new(_bytes.AsSpan(HashOffset, Digest.SizeBytes));

    /// <summary>The chunk's bytes.</summary>
    public Memory<byte> Payload => _bytes.AsMemory(PayloadOffset, LengthBytes);

    /// <summary>Hash and bytes: the body of a chunk frame.</summary>
    public Memory<byte> Body => _bytes.AsMemory(HashOffset, Digest.SizeBytes + LengthBytes);

    /// <summary>The whole frame, once <see cref="Seal"/> has been called.</summary>
    public ReadOnlyMemory<byte> Frame =>
        _bytes.AsMemory(HeaderOffset, FrameHeader.SizeBytes + Digest.SizeBytes + LengthBytes);

    /// <summary>Makes this the buffer of a chunk; its bytes and hash are still those of the last use.</summary>
    public ChunkBuffer For(ChunkIndex index, int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, _bytes.Length - PayloadOffset);
        Index = index;
        LengthBytes = lengthBytes;
        return this;
    }

    /// <summary>Writes the header and the hash in front of the bytes.</summary>
    public void Seal(in Digest hash)
    {
        FrameHeader.About(FrameType.Chunk, Index, Digest.SizeBytes + LengthBytes).Write(_bytes.AsSpan(HeaderOffset));
        hash.CopyTo(_bytes.AsSpan(HashOffset));
    }

    /// <summary>Gives the buffer back to its pool. A second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _rented, 0) == 1) _pool.Return(this);
    }

    internal ChunkBuffer Rent()
    {
        _rented = 1;
        return this;
    }
}
