using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;

namespace ChunkStream.Tests.Gateway.Ingest;

/// <summary>Shard files that keep nothing and note everything.</summary>
internal sealed class NotedShardFiles(IngestBench bench) : IShardFiles
{
    /// <summary>Awaited within each write; may throw.</summary>
    public Func<ChunkIndex, CancellationToken, Task> OnWrite { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Awaited within each flush; may throw.</summary>
    public Func<Task> OnFlush { get; set; } = () => Task.CompletedTask;

    public Guid FileId => bench.File.Plan.FileId;

    public FileLayout Layout => IngestBench.Layout;

    public async ValueTask WriteAsync(ChunkIndex index, Digest hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await OnWrite(index, cancellationToken);
        bench.Events.Enqueue($"written {index}");
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        bench.Events.Enqueue("flushing");
        await OnFlush().WaitAsync(cancellationToken);
        bench.Events.Enqueue("flushed");
    }

    public void Heal() => (OnWrite, OnFlush) = ((_, _) => Task.CompletedTask, () => Task.CompletedTask);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public ValueTask<ChunkRead> ReadAsync(ChunkIndex index, Memory<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask ReadHashesAsync(int shard, int firstStripe, Memory<Digest> hashes, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask WriteManifestAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Stream? OpenManifest() => throw new NotSupportedException();

    public IEnumerable<Stream?> OpenManifests() => throw new NotSupportedException();
}
