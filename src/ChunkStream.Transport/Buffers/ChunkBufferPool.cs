using System.Collections.Concurrent;

namespace ChunkStream.Transport.Buffers;

/// <summary>
/// At most <c>capacity</c> chunk buffers: the bound on a side's memory for chunks in flight, <c>capacity × (chunkBytes + 64)</c>.
/// A buffer is made when it is first needed. Thread-safe.
/// </summary>
public sealed class ChunkBufferPool(int chunkBytes, int capacity) : IDisposable
{
    private readonly SemaphoreSlim _free = new(capacity, capacity);
    private readonly ConcurrentStack<ChunkBuffer> _buffers = new();

    public int ChunkBytes => chunkBytes;

    public int Capacity => capacity;

    /// <summary>Buffers that are out now.</summary>
    public int Rented => capacity - _free.CurrentCount;

    /// <summary>A buffer, as soon as one is free.</summary>
    public async ValueTask<ChunkBuffer> RentAsync(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        return (_buffers.TryPop(out ChunkBuffer? buffer) ? buffer : new(this, chunkBytes)).Rent();
    }

    public void Dispose() => _free.Dispose();

    internal void Return(ChunkBuffer buffer)
    {
        _buffers.Push(buffer);
        _free.Release();
    }
}
