using ChunkStream.Storage;
using ChunkStream.Storage.Local;
using Microsoft.Extensions.Logging.Abstractions;

namespace ChunkStream.Tests.Storage;

/// <summary>Local stores over a test's folder: volume <c>a</c> is its subfolder <c>a</c>.</summary>
internal static class TestStore
{
    public static LocalShardStore Over(TemporaryFolder folder, params string[] volumeIds) => Over(folder.Path, volumeIds);

    public static LocalShardStore Over(string path, params string[] volumeIds) =>
        new(Volumes(path, volumeIds), NullLogger.Instance);

    public static LocalShardStore Over(TemporaryFolder folder, DiskCalls disk, int maxUnflushedChunks = 1000) =>
        Over(folder.Path, disk, maxUnflushedChunks);

    public static LocalShardStore Over(string path, DiskCalls disk, int maxUnflushedChunks = 1000) =>
        new(Volumes(path, "a"), NullLogger.Instance, disk, maxUnflushedChunks);

    /// <summary>The path of a shard's file, such as <c>data</c> or <c>hash</c>.</summary>
    public static string ShardPath(TemporaryFolder folder, string volumeId, Guid fileId, int shard, string kind) =>
        Path.Combine(FilePath(folder, volumeId, fileId), $"shard-{shard:000}.{kind}");

    public static string FilePath(TemporaryFolder folder, string volumeId, Guid fileId) =>
        Path.Combine(folder.Path, volumeId, "files", fileId.ToString("N")[^2..], fileId.ToString("N"));

    public static void FlipBit(string path, long offsetBytes, int bit = 0)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Position = offsetBytes;
        int value = stream.ReadByte();
        stream.Position = offsetBytes;
        stream.WriteByte((byte)(value ^ (1 << bit)));
    }

    public static async Task<List<Guid>> ListAsync(LocalShardStore store)
    {
        List<Guid> fileIds = [];
        await foreach (Guid fileId in store.ListAsync(default)) fileIds.Add(fileId);
        return fileIds;
    }

    private static List<VolumeOptions> Volumes(string path, params string[] volumeIds) =>
        [.. volumeIds.Select(id => new VolumeOptions { Id = id, Path = Path.Combine(path, id) })];
}
