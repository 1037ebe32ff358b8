namespace ChunkStream.Cli.Demo;

/// <summary>Deletes shard files of a stored file from the volume, as a dead disk would.</summary>
internal static class ShardLoss
{
    private const string Data = ".data";
    private const string Hashes = ".hash";

    /// <summary>
    /// Deletes up to <paramref name="count"/> shards, both files of each, and names them: the first, and others spread over the rest,
    /// so that data is among them. A file without chunks has none.
    /// </summary>
    public static IReadOnlyList<string> Delete(string volumeDirectory, Guid fileId, int count)
    {
        string? folder = Directory.EnumerateDirectories(volumeDirectory, fileId.ToString("N"), SearchOption.AllDirectories).FirstOrDefault();
        if (folder is null) return [];
        string[] shards = [.. Directory.EnumerateFiles(folder, "shard-*" + Data).Where(path => new FileInfo(path).Length > 0).Order(StringComparer.Ordinal)];
        string[] chosen = [.. Enumerable.Range(0, Math.Min(count, shards.Length)).Select(i => shards[i * shards.Length / Math.Min(count, shards.Length)])];
        foreach (string path in chosen)
        {
            File.Delete(path);
            File.Delete(Path.ChangeExtension(path, Hashes));
        }
        return [.. chosen.Select(path => Path.GetFileNameWithoutExtension(path))];
    }
}
