using ChunkStream.Core.Layout;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Storage.Local;

/// <summary>The shards of one file that rest on one volume.</summary>
internal sealed partial class VolumeShards(Volume volume, FileFolder folder, FileLayout layout, IReadOnlyList<ShardFile> shards, ILogger logger)
{
    private readonly List<string> _made = [];
    private bool _madeFolder;

    public Volume Volume => volume;

    public FileFolder Folder => folder;

    /// <summary>Opens the shards, and makes and preallocates what isn't there. What one call made <see cref="Undo"/> removes.</summary>
    /// <exception cref="StoreException">The volume isn't there, is full or fails, or has the file with another layout.</exception>
    public void Make()
    {
        volume.Check();
        long neededBytes = 0;
        string doing = $"make {shards.Count} shards in {folder.Path}";
        try
        {
            folder.Check(layout);
            // Asked before anything is made, so that the message can say how much is missing in all.
            neededBytes = shards.Sum(shard => shard.MissingBytes);
            if (neededBytes > volume.Measure().FreeBytes) throw DiskErrors.Full(volume, doing, neededBytes);
            _madeFolder = !Directory.Exists(folder.Path);
            folder.Prepare(layout);
            foreach (ShardFile shard in shards) shard.OpenOrMake(_made);
            folder.Flush();
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            throw DiskErrors.ToStoreException(exception, volume, doing, neededBytes);
        }
    }

    /// <summary>Gives back the room that a creation took which failed here or on another volume.</summary>
    public void Undo()
    {
        try
        {
            if (_madeFolder) folder.Delete();
            else _made.ForEach(File.Delete);
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            LogUndoFailed(exception, folder.Path);
        }
    }

    /// <summary>Opens the shards that are there. A volume or a shard that isn't is what the other shards are for.</summary>
    /// <exception cref="StoreException">The volume has the file with another layout.</exception>
    public void OpenWhereThere()
    {
        try
        {
            volume.Check();
        }
        catch (StoreException exception)
        {
            LogVolumeLost(volume.Id, exception.Message);
            return;
        }
        foreach (ShardFile shard in shards)
        {
            try
            {
                folder.Check(layout);
                shard.OpenWhereThere();
            }
            catch (Exception exception) when (DiskErrors.IsDisk(exception))
            {
                LogShardLost(exception, folder.Path);
            }
        }
    }
}
