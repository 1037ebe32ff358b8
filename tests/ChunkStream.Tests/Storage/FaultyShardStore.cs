using ChunkStream.Core.Layout;
using ChunkStream.Storage;

namespace ChunkStream.Tests.Storage;

/// <summary>A store that fails on demand: each hook is asked before the call goes on, and what it returns is thrown. May be set at any time.</summary>
internal sealed class FaultyShardStore(IShardStore inner) : IShardStore
{
    private int _writes;
    private int _flushes;

    public Func<Exception?>? OnOpen { get; set; }

    public Func<ChunkIndex, Exception?>? OnWrite { get; set; }

    public Func<ChunkIndex, Exception?>? OnRead { get; set; }

    public Func<Exception?>? OnFlush { get; set; }

    /// <summary>Awaited before each flush: holds it for as long as a test likes.</summary>
    public Func<Task>? BeforeFlush { get; set; }

    /// <summary>Writes that went through.</summary>
    public int Writes => Volatile.Read(ref _writes);

    /// <summary>Flushes that went through.</summary>
    public int Flushes => Volatile.Read(ref _flushes);

    public IReadOnlyList<VolumeSpace> Volumes => inner.Volumes;

    public async ValueTask<IShardFiles> CreateAsync(
        Guid fileId, FileLayout layout, IReadOnlyList<string> volumeIds, CancellationToken cancellationToken)
    {
        Throw(OnOpen?.Invoke());
        return new FaultyShardFiles(await inner.CreateAsync(fileId, layout, volumeIds, cancellationToken), this);
    }

    public async ValueTask<IShardFiles> OpenAsync(
        Guid fileId, FileLayout layout, IReadOnlyList<string> volumeIds, CancellationToken cancellationToken)
    {
        Throw(OnOpen?.Invoke());
        return new FaultyShardFiles(await inner.OpenAsync(fileId, layout, volumeIds, cancellationToken), this);
    }

    public ValueTask DeleteAsync(Guid fileId, CancellationToken cancellationToken) => inner.DeleteAsync(fileId, cancellationToken);

    public IAsyncEnumerable<Guid> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    internal void CountWrite() => Interlocked.Increment(ref _writes);

    internal void CountFlush() => Interlocked.Increment(ref _flushes);

    internal static void Throw(Exception? exception)
    {
        if (exception is not null) throw exception;
    }
}
