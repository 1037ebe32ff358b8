namespace ChunkStream.Gateway;

/// <summary>A lock for each file or transfer: what one of them waits for on disk holds up only those that share its stripe of 64.</summary>
internal sealed class KeyedLocks
{
    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    public async ValueTask<Held> EnterAsync(Guid key, CancellationToken cancellationToken)
    {
        SemaphoreSlim held = _locks[(uint)key.GetHashCode() % (uint)_locks.Length];
        await held.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new(held);
    }

    public readonly struct Held(SemaphoreSlim held) : IDisposable
    {
        public void Dispose() => held.Release();
    }
}
