using System.Buffers;
using System.Runtime.InteropServices;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using Microsoft.Win32.SafeHandles;

namespace ChunkStream.Storage.Local;

/// <summary>
/// One shard of one file: its chunks, its sidecar of hashes, and the hashes that may not be in the sidecar yet. The order of a flush
/// is argued in <see cref="LocalShardFiles"/>. A shard that has no chunks has no files.
/// </summary>
internal sealed class ShardFile(Volume volume, FileFolder folder, FileLayout layout, int shard, DiskCalls disk) : IDisposable
{
    private const int HashesPerWrite = 128;

    private readonly string _dataPath = folder.DataPath(shard);
    private readonly string _hashPath = folder.HashPath(shard);
    private readonly PendingHashes _pending = new();
    private readonly Lock _opening = new();
    private volatile ShardHandles? _handles;
    private bool _disposed;

    // A process that was killed may have left hashes in the page cache only; the first flush makes them durable.
    private bool _hashesMayBeCached;

    public Volume Volume => volume;

    public bool IsThere => _handles is not null;

    /// <summary>The room that the shard's files will take and don't have reserved yet.</summary>
    public long MissingBytes => (File.Exists(_dataPath) ? 0 : DataBytes) + (File.Exists(_hashPath) ? 0 : HashBytes);

    private int ChunkCount { get; } = layout.ChunksInShard(shard);

    private long DataBytes => layout.ShardBytes(shard);

    private long HashBytes => (long)ChunkCount * Digest.SizeBytes;

    /// <summary>Opens the shard where both of its files are there: one without the other is worth nothing.</summary>
    public void OpenWhereThere()
    {
        if (ChunkCount == 0 || TryOpen(_dataPath) is not { } data) return;
        SafeFileHandle? hashes = null;
        try
        {
            hashes = TryOpen(_hashPath);
        }
        finally
        {
            if (hashes is null) data.Dispose();
        }
        if (hashes is not null) Adopt(new(data, hashes));
    }

    /// <summary>Opens the shard and makes what isn't there. The names aren't durable before the folder is flushed.</summary>
    /// <param name="made">Gets the paths that this call made.</param>
    public void OpenOrMake(ICollection<string> made)
    {
        if (ChunkCount == 0) return;
        lock (_opening) Adopt(OpenOrMakeFiles(made));
    }

    public void Write(int stripe, Digest hash, ReadOnlySpan<byte> bytes)
    {
        ShardHandles handles = _handles ?? MakeAgain();
        // A chunk that is half overwritten has neither the old hash nor the new one.
        _pending.Remove(stripe);
        disk.Write(handles.Data, _dataPath, bytes, OffsetOf(stripe));
        _pending.Add(stripe, hash);
    }

    public int Read(int stripe, Span<byte> buffer) =>
        _handles is { } handles ? disk.Read(handles.Data, _dataPath, buffer, OffsetOf(stripe)) : 0;

    /// <summary>The hash of a chunk that is stored here; zero where none is.</summary>
    public Digest ReadHash(int stripe)
    {
        // A hash leaves the pending ones only after it is in the sidecar, so that looking there second can't miss it.
        Digest hash = default;
        if (_handles is { } handles && !_pending.TryGet(stripe, out hash)) ReadSidecar(handles, stripe, new Span<Digest>(ref hash));
        return hash;
    }

    public void ReadHashes(int firstStripe, Span<Digest> hashes)
    {
        hashes.Clear();
        if (_handles is not { } handles) return;
        int flushCount;
        do
        {
            flushCount = _pending.FlushCount;
            ReadSidecar(handles, firstStripe, hashes);
            _pending.Overlay(firstStripe, hashes);
        }
        while (flushCount != _pending.FlushCount);
    }

    /// <summary>Takes part in a flush; false where there is nothing to flush.</summary>
    public bool BeginFlush() => _pending.BeginFlush() || _hashesMayBeCached;

    /// <summary>Makes the chunks durable, and then their hashes.</summary>
    public void Flush()
    {
        ShardHandles handles = _handles!;
        int count = _pending.FlushingCount;
        if (count > 0)
        {
            disk.Flush(handles.Data, _dataPath);
            WriteHashes(handles.Hashes, count);
        }
        disk.Flush(handles.Hashes, _hashPath);
        // An open handle goes on writing to a file that was deleted; chunks in it are in no file and mustn't be called durable.
        if (count > 0 && !(File.Exists(_dataPath) && File.Exists(_hashPath)))
            throw new StoreException(FailureCode.StoreFailed, $"Shard {shard} was deleted while it was written: {_dataPath} or its hashes are gone.");
    }

    public void EndFlush()
    {
        _hashesMayBeCached = false;
        _pending.EndFlush();
    }

    public void Dispose()
    {
        lock (_opening)
        {
            _disposed = true;
            _handles?.Dispose();
        }
    }

    private long OffsetOf(int stripe) => (long)stripe * layout.ChunkBytes;

    private ShardHandles MakeAgain()
    {
        lock (_opening)
        {
            if (_handles is { } handles) return handles;
            volume.Check();
            folder.Prepare(layout);
            handles = OpenOrMakeFiles([]);
            folder.Flush();
            Adopt(handles);
            return handles;
        }
    }

    /// <summary>A sidecar without its chunks goes first: no hash may stand for bytes that were never written.</summary>
    private ShardHandles OpenOrMakeFiles(ICollection<string> made)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        SafeFileHandle? data = TryOpen(_dataPath);
        if (data is null)
        {
            File.Delete(_hashPath);
            data = Make(_dataPath, DataBytes, made);
        }
        try
        {
            return new(data, TryOpen(_hashPath) ?? Make(_hashPath, HashBytes, made));
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    private SafeFileHandle Make(string path, long lengthBytes, ICollection<string> made)
    {
        SafeFileHandle handle = disk.Create(path, lengthBytes);
        made.Add(path);
        return handle;
    }

    private void Adopt(ShardHandles handles)
    {
        _hashesMayBeCached = true;
        _handles = handles;
    }

    private SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return disk.Open(path);
        }
        catch (Exception exception) when (DiskErrors.IsAbsent(exception))
        {
            return null;
        }
    }

    /// <summary>What a sidecar that is too short doesn't have stays zero.</summary>
    private void ReadSidecar(ShardHandles handles, int firstStripe, Span<Digest> hashes)
    {
        hashes.Clear();
        disk.Read(handles.Hashes, _hashPath, MemoryMarshal.AsBytes(hashes), (long)firstStripe * Digest.SizeBytes);
    }

    /// <summary>Writes the hashes of a flush in runs: consecutive stripes are one call.</summary>
    private void WriteHashes(SafeFileHandle handle, int count)
    {
        int[] stripes = ArrayPool<int>.Shared.Rent(count);
        Span<Digest> run = stackalloc Digest[HashesPerWrite];
        int length = 0;
        _pending.CopyFlushing(stripes);
        for (int i = 0; i < count; i++)
        {
            run[length++] = _pending.Flushing(stripes[i]);
            bool goesOn = length < run.Length && i + 1 < count && stripes[i + 1] == stripes[i] + 1;
            if (goesOn) continue;
            disk.Write(handle, _hashPath, MemoryMarshal.AsBytes(run[..length]), (stripes[i] + 1L - length) * Digest.SizeBytes);
            length = 0;
        }
        ArrayPool<int>.Shared.Return(stripes);
    }
}
