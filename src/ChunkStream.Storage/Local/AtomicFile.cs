namespace ChunkStream.Storage.Local;

/// <summary>
/// Files that are there whole or not at all: written under a temporary name, flushed, renamed, and the name flushed too.
/// Two writers of the same file at once are the caller's mistake.
/// </summary>
internal static class AtomicFile
{
    private const string TemporarySuffix = ".new";

    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        try
        {
            using (FileStream stream = Create(path))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }
            Rename(path);
        }
        catch
        {
            File.Delete(path + TemporarySuffix);
            throw;
        }
    }

    public static async Task WriteAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        try
        {
            await using (FileStream stream = Create(path))
            {
                await write(stream, cancellationToken);
                stream.Flush(flushToDisk: true);
            }
            Rename(path);
        }
        catch
        {
            File.Delete(path + TemporarySuffix);
            throw;
        }
    }

    private static FileStream Create(string path) => new(path + TemporarySuffix, FileMode.Create, FileAccess.Write, FileShare.None);

    private static void Rename(string path)
    {
        File.Move(path + TemporarySuffix, path, overwrite: true);
        DirectorySync.Flush(Path.GetDirectoryName(path)!);
    }
}
