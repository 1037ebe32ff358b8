using System.Runtime.CompilerServices;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Storage.Local;

/// <summary>
/// Step 6 of 8, store. Takes verified bytes from <see cref="Core.Integrity.ChunkHash"/>, to <see cref="IShardFiles.FlushAsync"/>.
/// <para>
/// Shards in local folders. A file's are in <c>{volume}/files/{last two digits of its id}/{id}</c>: for each
/// <c>shard-003.data</c> and <c>shard-003.hash</c>, beside the <c>manifest</c> and <c>file.json</c>, which tells the layout.
/// </para>
/// </summary>
public sealed partial class LocalShardStore : IShardStore
{
    private const int CreationGates = 64;

    private readonly Volume[] _volumes;
    private readonly Dictionary<string, Volume> _volumesById;
    private readonly DiskCalls _disk;
    private readonly int _maxUnflushedChunks;
    private readonly ILogger _logger;

    // Creation and deletion of one file take turns; of different ones mostly not.
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, CreationGates).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Claims the volumes: each gets a <c>volume.json</c> with its id on first use.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the message names everything that is.</exception>
    /// <exception cref="StoreException">A folder can't be used or is another volume; the message names all of them.</exception>
    public LocalShardStore(IReadOnlyList<VolumeOptions> volumes, ILogger logger)
        : this(volumes, logger, new DiskCalls(), LocalShardFiles.DefaultMaxUnflushedChunks)
    {
    }

    internal LocalShardStore(IReadOnlyList<VolumeOptions> volumes, ILogger logger, DiskCalls disk, int maxUnflushedChunks)
    {
        IReadOnlyList<string> problems = VolumeOptions.Check(volumes);
        if (problems.Count > 0) throw new ArgumentException(string.Join(' ', problems), nameof(volumes));
        _volumes = [.. volumes.Select(options => new Volume(options))];
        _volumesById = _volumes.ToDictionary(volume => volume.Id);
        _disk = disk;
        _maxUnflushedChunks = maxUnflushedChunks;
        _logger = logger;
        Claim();
    }

    public IReadOnlyList<VolumeSpace> Volumes => [.. _volumes.Select(Measure)];

    public async ValueTask<IShardFiles> CreateAsync(
        Guid fileId, FileLayout layout, IReadOnlyList<string> volumeIds, CancellationToken cancellationToken)
    {
        CheckCount(layout, volumeIds);
        if (volumeIds.FirstOrDefault(id => id.Length > 0 && !_volumesById.ContainsKey(id)) is { } unknown)
            throw new StoreException(FailureCode.NotFound, $"There is no volume '{unknown}'; there are {string.Join(", ", _volumesById.Keys)}.");

        SemaphoreSlim gate = GateOf(fileId);
        await gate.WaitAsync(cancellationToken);
        try
        {
            LocalShardFiles files = Assemble(fileId, layout, volumeIds, out List<VolumeShards> parts);
            try
            {
                await Task.WhenAll(parts.Select(part => Task.Run(part.Make, CancellationToken.None)));
            }
            catch
            {
                await files.DisposeAsync();
                parts.ForEach(part => part.Undo());
                throw;
            }
            return files;
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask<IShardFiles> OpenAsync(
        Guid fileId, FileLayout layout, IReadOnlyList<string> volumeIds, CancellationToken cancellationToken)
    {
        CheckCount(layout, volumeIds);
        cancellationToken.ThrowIfCancellationRequested();
        LocalShardFiles files = Assemble(fileId, layout, volumeIds, out List<VolumeShards> parts);
        try
        {
            parts.ForEach(part => part.OpenWhereThere());
            return files;
        }
        catch
        {
            await files.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DeleteAsync(Guid fileId, CancellationToken cancellationToken)
    {
        SemaphoreSlim gate = GateOf(fileId);
        await gate.WaitAsync(cancellationToken);
        try
        {
            // Every volume is tried, so that one that fails keeps no other from giving its room back.
            await Task.WhenAll(_volumes.Select(volume => Task.Run(() => Delete(volume, fileId), CancellationToken.None)));
        }
        finally
        {
            gate.Release();
        }
    }

    public async IAsyncEnumerable<Guid> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A bucket at a time, so that a file on several volumes comes once and memory doesn't grow with the number of files much.
        for (int bucket = 0; bucket < 256; bucket++)
        {
            string name = bucket.ToString("x2");
            HashSet<Guid> fileIds = await Task.Run(() => ListBucket(name), cancellationToken);
            foreach (Guid fileId in fileIds) yield return fileId;
        }
    }

    private void Claim()
    {
        List<StoreException> failures = [];
        foreach (Volume volume in _volumes)
        {
            try
            {
                volume.Claim();
                LogVolume(volume.Id, volume.RootPath, Measure(volume).FreeBytes);
            }
            catch (StoreException exception)
            {
                failures.Add(exception);
            }
        }
        if (failures.Count > 0) throw new StoreException(failures[0].Code, string.Join(' ', failures.Select(failure => failure.Message)), failures[0]);
    }

    private VolumeSpace Measure(Volume volume)
    {
        try
        {
            return volume.Measure();
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            LogUnmeasured(exception, volume.Id);
            return new(volume.Id, 0, 0);
        }
    }

    private SemaphoreSlim GateOf(Guid fileId) => _gates[(uint)fileId.GetHashCode() % CreationGates];

    private static void CheckCount(FileLayout layout, IReadOnlyList<string> volumeIds)
    {
        if (volumeIds.Count != layout.ShardCount)
            throw new ArgumentException($"{layout.ShardCount} shards need as many volumes, not {volumeIds.Count}.", nameof(volumeIds));
    }

    private LocalShardFiles Assemble(Guid fileId, FileLayout layout, IReadOnlyList<string> volumeIds, out List<VolumeShards> parts)
    {
        var shards = new ShardFile?[layout.ShardCount];
        parts = [];
        foreach (var group in Enumerable.Range(0, shards.Length).GroupBy(shard => volumeIds[shard]))
        {
            if (!_volumesById.TryGetValue(group.Key, out Volume? volume)) continue;
            FileFolder folder = new(volume, fileId);
            foreach (int shard in group) shards[shard] = new(volume, folder, layout, shard, _disk);
            parts.Add(new(volume, folder, layout, [.. group.Select(shard => shards[shard]!)], _logger));
        }
        return new(fileId, layout, shards, parts, _maxUnflushedChunks, _logger);
    }

    private static void Delete(Volume volume, Guid fileId)
    {
        // A volume that isn't mounted would seem to have nothing to delete, and come back with it.
        volume.Check();
        try
        {
            new FileFolder(volume, fileId).Delete();
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            throw DiskErrors.ToStoreException(exception, volume, $"delete file {fileId}");
        }
    }

    private HashSet<Guid> ListBucket(string name)
    {
        HashSet<Guid> fileIds = [];
        foreach (Volume volume in _volumes)
        {
            try
            {
                foreach (string path in Directory.EnumerateDirectories(Path.Combine(volume.FilesPath, name)))
                    if (Guid.TryParseExact(Path.GetFileName(path), "N", out Guid fileId)) fileIds.Add(fileId);
            }
            catch (DirectoryNotFoundException)
            {
                // No file has fallen into this bucket here.
                volume.Check();
            }
            catch (Exception exception) when (DiskErrors.IsDisk(exception))
            {
                throw DiskErrors.ToStoreException(exception, volume, "list its files");
            }
        }
        return fileIds;
    }
}
