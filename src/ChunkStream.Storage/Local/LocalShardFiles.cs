using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Storage.Local;

/// <summary>
/// The shards of one file in local folders.
/// <para>
/// <b>What a hash on disk means.</b> It says that its chunk's bytes are on disk. So a hash stays in memory until its bytes are flushed,
/// and a flush is, for each shard: data file flushed; hashes written; sidecar flushed; and after the last shard: callers told. A power failure at any moment leaves for each
/// chunk its bytes with their hash, or no hash (the chunk is missing and will be sent again), or, where a stored chunk was being
/// overwritten, a hash that doesn't fit (the chunk is bad, an erasure). Never bytes that only look right: each read verifies.
/// A hash is 32 bytes at a multiple of 32 and so within one disk sector, which disks write whole.
/// </para>
/// <para>
/// <b>A flush that fails is the last one.</b> When the kernel can't write a dirty page it reports that once, and then marks the page
/// clean or drops it: a second fsync that succeeds says nothing about those bytes (Rebello et al., "Can Applications Recover from
/// fsync Failures?", USENIX ATC 2020). So nothing since the last good flush counts as stored, and this set refuses writes and flushes
/// until it is opened again. The hashes that weren't written are gone with it; their chunks read as missing, are sent again, and
/// make their pages dirty again. Hashes that other shards wrote in the same flush stand for bytes on disk, and do no harm.
/// </para>
/// <para>
/// <b>Writes run on the caller's thread.</b> A positioned write is a copy to the page cache, tens of microseconds for a chunk;
/// an asynchronous file write in .NET is the same system call on another pool thread, with a hop there and back. Where the disk
/// can't keep up the kernel holds the writer, which is the backpressure that the network should see. Flushes wait for the disk
/// and run on threads of their own, all shards at once, since file systems let concurrent flushes share a journal commit.
/// </para>
/// </summary>
internal sealed partial class LocalShardFiles : IShardFiles
{
    /// <summary>Chunks that may be written and not flushed: a write that finds so many flushes first. Costs 48 bytes each.</summary>
    public const int DefaultMaxUnflushedChunks = 64 * 1024;

    private const int MaxFlushThreads = 16;

    private readonly ShardFile?[] _shards;
    private readonly IReadOnlyList<VolumeShards> _volumes;
    private readonly int _maxUnflushedChunks;
    private readonly ILogger _logger;
    private readonly SharedFlush _flush;
    private readonly SemaphoreSlim _writingManifest = new(1);
    private int _unflushedChunks;
    private volatile StoreException? _failure;
    private volatile bool _disposed;

    public LocalShardFiles(Guid fileId, FileLayout layout, ShardFile?[] shards, IReadOnlyList<VolumeShards> volumes, int maxUnflushedChunks, ILogger logger)
    {
        FileId = fileId;
        Layout = layout;
        _shards = shards;
        _volumes = volumes;
        _maxUnflushedChunks = maxUnflushedChunks;
        _logger = logger;
        _flush = new(FlushOnceAsync);
    }

    public Guid FileId { get; }

    public FileLayout Layout { get; }

    public ValueTask WriteAsync(ChunkIndex index, Digest hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        CheckCall(index, bytes.Length, cancellationToken);
        if (hash.IsZero) throw new ArgumentException("A hash of zero stands for a chunk that isn't stored.", nameof(hash));
        if (Volatile.Read(ref _unflushedChunks) >= _maxUnflushedChunks) return FlushAndWriteAsync(index, hash, bytes, cancellationToken);
        Write(index, hash, bytes.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask<ChunkRead> ReadAsync(ChunkIndex index, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        CheckCall(index, buffer.Length, cancellationToken);
        return new(_shards[index.Shard] is { IsThere: true } shard ? Read(shard, index, buffer.Span) : Missing(index));
    }

    public ValueTask ReadHashesAsync(int shard, int firstStripe, Memory<Digest> hashes, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, _shards.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(firstStripe);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstStripe + (long)hashes.Length, Layout.StripeCount, nameof(hashes));
        hashes.Span.Clear();
        if (_shards[shard] is not { } file) return ValueTask.CompletedTask;
        try
        {
            file.ReadHashes(firstStripe, hashes.Span);
        }
        catch (Exception exception) when (DiskErrors.IsUnreadable(exception))
        {
            hashes.Span.Clear();
            LogHashesUnreadable(exception, FileId, shard, firstStripe);
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            throw DiskErrors.ToStoreException(exception, file.Volume, $"read the hashes of shard {shard}");
        }
        return ValueTask.CompletedTask;
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        await _flush.RunAsync().WaitAsync(cancellationToken);
    }

    public async ValueTask WriteManifestAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        await _writingManifest.WaitAsync(cancellationToken);
        try
        {
            // The caller writes it once; the other volumes get copies.
            Func<Stream, CancellationToken, Task> content = write;
            foreach (VolumeShards shards in _volumes)
            {
                await WriteManifestAsync(shards, content, cancellationToken);
                content = (target, token) => CopyAsync(_volumes[0].Folder.ManifestPath, target, token);
            }
        }
        finally
        {
            _writingManifest.Release();
        }
    }

    public Stream? OpenManifest() => OpenManifests().FirstOrDefault(manifest => manifest is not null);

    public IEnumerable<Stream?> OpenManifests()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _volumes.Select(shards => OpenManifest(shards.Folder.ManifestPath));
    }

    /// <summary>Closes the files. What wasn't flushed was never promised to anyone: it isn't flushed now.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        await _flush.WhenIdleAsync();
        foreach (ShardFile? shard in _shards) shard?.Dispose();
        _writingManifest.Dispose();
    }

    private FileStream? OpenManifest(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception exception) when (DiskErrors.IsAbsent(exception))
        {
            return null;
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            LogManifestUnreadable(exception, path);
            return null;
        }
    }

    private void CheckCall(ChunkIndex index, int lengthBytes, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        int expected = Layout.LengthOf(index);
        if (lengthBytes != expected) throw new ArgumentException($"Chunk {index} is {expected} bytes, not {lengthBytes}.", nameof(lengthBytes));
    }

    private async ValueTask FlushAndWriteAsync(ChunkIndex index, Digest hash, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        Write(index, hash, bytes.Span);
    }

    private void Write(ChunkIndex index, Digest hash, ReadOnlySpan<byte> bytes)
    {
        ThrowIfFailed();
        ShardFile shard = _shards[index.Shard]
            ?? throw new StoreException(FailureCode.NotFound, $"Shard {index.Shard} of file {FileId} doesn't rest on a volume of this store.");
        try
        {
            shard.Write(index.Stripe, hash, bytes);
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            throw DiskErrors.ToStoreException(exception, shard.Volume, $"write chunk {index} of file {FileId}", bytes.Length);
        }
        Interlocked.Increment(ref _unflushedChunks);
    }

    private ChunkRead Read(ShardFile shard, ChunkIndex index, Span<byte> buffer)
    {
        try
        {
            Digest expected = shard.ReadHash(index.Stripe);
            if (expected.IsZero) return Missing(index);
            int read = shard.Read(index.Stripe, buffer);
            ChunkVerification chunk = ChunkVerifier.Verify(Layout, index, buffer[..read], in expected);
            if (!chunk.IsGood) LogChunkBad(FileId, index, shard.Volume.Id);
            return new(chunk);
        }
        catch (Exception exception) when (DiskErrors.IsUnreadable(exception))
        {
            LogChunkUnreadable(exception, FileId, index, shard.Volume.Id);
            return new(ChunkVerification.NotRead(Layout, index, ChunkFinding.Unreadable));
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            throw DiskErrors.ToStoreException(exception, shard.Volume, $"read chunk {index} of file {FileId}");
        }
    }

    private ChunkRead Missing(ChunkIndex index) => new(ChunkVerification.NotRead(Layout, index, ChunkFinding.Missing));

    private async Task FlushOnceAsync()
    {
        ThrowIfFailed();
        int taken = Volatile.Read(ref _unflushedChunks);
        List<ShardFile> dirty = [.. _shards.OfType<ShardFile>().Where(shard => shard.IsThere && shard.BeginFlush())];
        if (dirty.Count == 0) return;
        try
        {
            await FlushAsync(dirty);
        }
        catch (Exception exception)
        {
            _failure = exception as StoreException ?? new StoreException(FailureCode.StoreFailed, exception.Message, exception);
            LogFlushFailed(exception, FileId);
            throw;
        }
        dirty.ForEach(shard => shard.EndFlush());
        Interlocked.Add(ref _unflushedChunks, -taken);
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
            throw new StoreException(failure.Code, $"A flush of file {FileId} failed, so nothing can be stored before it is opened again: {failure.Message}", failure);
    }

    /// <summary>
    /// Flushes several shards at a time, on threads of their own: the pool's threads serve the network, and it is slow to add more.
    /// Returns when all have ended; throws what the first one threw.
    /// </summary>
    private async Task FlushAsync(List<ShardFile> shards)
    {
        int next = -1;
        Task[] threads = new Task[Math.Min(shards.Count, MaxFlushThreads)];
        for (int i = 0; i < threads.Length; i++)
            threads[i] = Task.Factory.StartNew(RunSome, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(threads);

        void RunSome()
        {
            for (int i = Interlocked.Increment(ref next); i < shards.Count; i = Interlocked.Increment(ref next))
            {
                try
                {
                    shards[i].Flush();
                }
                catch (Exception exception) when (DiskErrors.IsDisk(exception))
                {
                    throw DiskErrors.ToStoreException(exception, shards[i].Volume, $"flush file {FileId}");
                }
            }
        }
    }

    private async Task WriteManifestAsync(VolumeShards shards, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        try
        {
            shards.Volume.Check();
            shards.Folder.Prepare(Layout);
            await AtomicFile.WriteAsync(shards.Folder.ManifestPath, write, cancellationToken);
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            throw DiskErrors.ToStoreException(exception, shards.Volume, $"write the manifest of file {FileId}");
        }
    }

    private static async Task CopyAsync(string path, Stream target, CancellationToken cancellationToken)
    {
        await using FileStream source = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        await source.CopyToAsync(target, cancellationToken);
    }
}
