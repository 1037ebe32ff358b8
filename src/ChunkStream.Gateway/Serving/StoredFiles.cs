using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Files;
using ChunkStream.Core.Failures;
using ChunkStream.Storage;

namespace ChunkStream.Gateway.Serving;

/// <summary>The stored files that lanes read from now: opened by the first lane, closed with the last. Thread-safe.</summary>
internal sealed class StoredFiles(IGrainFactory grains, IShardStore store)
{
    private readonly KeyedLocks _locks = new();
    private readonly System.Collections.Concurrent.ConcurrentDictionary<Guid, StoredFileEntry> _files = new();

    public async Task<Outcome<StoredFileLease>> OpenAsync(Guid fileId, CancellationToken cancellationToken)
    {
        using (await _locks.EnterAsync(fileId, cancellationToken).ConfigureAwait(false))
        {
            if (!_files.TryGetValue(fileId, out StoredFileEntry? entry))
            {
                Outcome<StoredFile> found = await grains.GetGrain<IFileGrain>(fileId).FindAsync().ConfigureAwait(false);
                if (found.Failure is { } unknown) return unknown;
                StoredFile file = found.Value!;
                try
                {
                    entry = new(file, await store.OpenAsync(fileId, file.Layout, [.. file.Homes.Select(home => home.VolumeId)], cancellationToken).ConfigureAwait(false));
                }
                catch (StoreException exception)
                {
                    return new Failure(exception.Code, exception.Message);
                }
                _files[fileId] = entry;
            }
            entry.Leases++;
            return new StoredFileLease(this, entry);
        }
    }

    public async ValueTask ReturnAsync(StoredFileEntry entry)
    {
        using (await _locks.EnterAsync(entry.File.Id, CancellationToken.None).ConfigureAwait(false))
        {
            if (--entry.Leases > 0) return;
            _files.TryRemove(entry.File.Id, out _);
            await entry.Files.DisposeAsync().ConfigureAwait(false);
        }
    }
}
