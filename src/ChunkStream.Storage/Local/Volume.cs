using ChunkStream.Core.Failures;

namespace ChunkStream.Storage.Local;

/// <summary>One folder that holds shards, claimed by its id.</summary>
internal sealed class Volume(VolumeOptions options)
{
    public string Id { get; } = options.Id;

    public string RootPath { get; } = Path.GetFullPath(options.Path);

    public string FilesPath => Path.Combine(RootPath, "files");

    private string RecordPath => Path.Combine(RootPath, "volume.json");

    /// <summary>Makes the folder this volume's on first use, and refuses it where it is another's.</summary>
    /// <exception cref="StoreException">It holds another volume, or can't be written.</exception>
    public void Claim()
    {
        try
        {
            Directory.CreateDirectory(FilesPath);
            if (ReadId() is null)
            {
                // Files without a record: the record was lost, and these bytes may be anyone's.
                if (Directory.EnumerateFileSystemEntries(FilesPath).Any())
                    throw new StoreException(FailureCode.StoreFailed, $"{RootPath} holds files but no volume.json: it isn't known to be volume '{Id}'.");
                RecordJson.Write(RecordPath, new VolumeRecord(Id), RecordJson.Default.VolumeRecord);
            }
            Check();
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            throw DiskErrors.ToStoreException(exception, this, $"use {RootPath}");
        }
    }

    /// <summary>Looks whether the volume is still there: an unmounted disk leaves an empty folder, which must not be filled.</summary>
    /// <exception cref="StoreException">It isn't.</exception>
    public void Check()
    {
        string? id;
        try
        {
            id = ReadId();
        }
        catch (Exception exception) when (DiskErrors.IsDisk(exception))
        {
            throw DiskErrors.ToStoreException(exception, this, $"use {RootPath}");
        }
        if (id is null) throw new StoreException(FailureCode.StoreFailed, $"Volume '{Id}' isn't there: {RootPath} has no volume.json. Is its disk mounted?");
        if (id != Id) throw new StoreException(FailureCode.StoreFailed, $"{RootPath} is volume '{id}', not '{Id}'. Is the right disk mounted?");
    }

    /// <summary>The room on the volume, measured now.</summary>
    /// <exception cref="IOException">The folder isn't there.</exception>
    public VolumeSpace Measure()
    {
        // On Unix any path names its file system; on Windows only a drive's root does.
        var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(RootPath)! : RootPath);
        return new(Id, drive.TotalSize, drive.AvailableFreeSpace);
    }

    private string? ReadId()
    {
        try
        {
            return RecordJson.Read(RecordPath, RecordJson.Default.VolumeRecord)?.VolumeId;
        }
        catch (InvalidDataException exception)
        {
            throw new StoreException(FailureCode.StoreFailed, $"Volume '{Id}' can't be told from another: {exception.Message}", exception);
        }
    }
}
