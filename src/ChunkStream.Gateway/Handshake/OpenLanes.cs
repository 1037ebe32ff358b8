using ChunkStream.Core.Failures;

namespace ChunkStream.Gateway.Handshake;

/// <summary>The lanes of one transfer that are open here, from the first to the last. <see cref="TransferLanes"/> counts them.</summary>
internal sealed class OpenLanes(Guid transferId) : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private Failure? _closedBecause;

    public Guid TransferId => transferId;

    /// <summary>Guarded by the lock of <see cref="TransferLanes"/>.</summary>
    public int Count { get; set; }

    /// <summary>Cancelled when the lanes are to end.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>Why the lanes are to end, once they are.</summary>
    public Failure? ClosedBecause => Volatile.Read(ref _closedBecause);

    public void Close(Failure reason)
    {
        if (Interlocked.CompareExchange(ref _closedBecause, reason, null) is not null) return;
        // On the pool, so that no lane's code runs inside of the caller's.
        _ = Task.Run(_closed.Cancel);
    }

    public void Dispose()
    {
        // One that was closed may still be telling its lanes.
        if (ClosedBecause is null) _closed.Dispose();
    }
}
