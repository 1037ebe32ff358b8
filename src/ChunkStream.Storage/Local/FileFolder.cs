using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;

namespace ChunkStream.Storage.Local;

/// <summary>The folder of one file on one volume, and the names in it. Thread-safe.</summary>
internal sealed class FileFolder(Volume volume, Guid fileId)
{
    private readonly Lock _preparing = new();

    public string Path => System.IO.Path.Combine(BucketPath, fileId.ToString("N"));

    public string ManifestPath => System.IO.Path.Combine(Path, "manifest");

    private string RecordPath => System.IO.Path.Combine(Path, "file.json");

    /// <summary>The last byte of a time-ordered id is random: it spreads the files over 256 buckets.</summary>
    private string BucketPath { get; } = System.IO.Path.Combine(volume.FilesPath, fileId.ToString("N")[^2..]);

    public string DataPath(int shard) => System.IO.Path.Combine(Path, $"shard-{shard:000}.data");

    public string HashPath(int shard) => System.IO.Path.Combine(Path, $"shard-{shard:000}.hash");

    /// <summary>Refuses a folder that was made with another layout; true where it is there with this one.</summary>
    /// <exception cref="StoreException">It was.</exception>
    public bool Check(FileLayout layout)
    {
        FileRecord? found;
        try
        {
            found = RecordJson.Read(RecordPath, RecordJson.Default.FileRecord);
        }
        catch (InvalidDataException)
        {
            // A damaged record isn't worth losing the shards for: each chunk is verified against its hash anyway.
            return false;
        }
        var expected = FileRecord.Of(fileId, layout);
        if (found is not null && found != expected)
            throw new StoreException(FailureCode.Conflict, $"File {fileId} is on volume '{volume.Id}' with another layout: {found}, not {expected}.");
        return found is not null;
    }

    /// <summary>
    /// Makes the folder and its record where they aren't there. The directories above are flushed even where they were: another
    /// file's creation may have made them a moment ago, and flushing a clean directory costs next to nothing.
    /// </summary>
    /// <exception cref="StoreException">The folder was made with another layout.</exception>
    public void Prepare(FileLayout layout)
    {
        lock (_preparing)
        {
            Directory.CreateDirectory(Path);
            DirectorySync.Flush(volume.FilesPath);
            DirectorySync.Flush(BucketPath);
            if (!Check(layout)) RecordJson.Write(RecordPath, FileRecord.Of(fileId, layout), RecordJson.Default.FileRecord);
        }
    }

    /// <summary>Makes the names in the folder durable.</summary>
    public void Flush() => DirectorySync.Flush(Path);

    public void Delete()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }
        DirectorySync.Flush(BucketPath);
    }
}
