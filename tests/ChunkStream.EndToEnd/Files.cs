namespace ChunkStream.EndToEnd;

/// <summary>Comparing files of any size.</summary>
internal static class Files
{
    public static void AssertIdentical(string expected, string actual)
    {
        using FileStream first = File.OpenRead(expected), second = File.OpenRead(actual);
        Assert.Equal(first.Length, second.Length);
        byte[] left = new byte[1024 * 1024], right = new byte[1024 * 1024];
        long offset = 0;
        int read;
        while ((read = first.ReadAtLeast(left, left.Length, throwOnEndOfStream: false)) > 0)
        {
            second.ReadExactly(right, 0, read);
            Assert.True(left.AsSpan(0, read).SequenceEqual(right.AsSpan(0, read)), $"The files differ within the MiB at byte {offset}.");
            offset += read;
        }
    }

    /// <summary>The files of one kind that a stored file has on the service's volume, by shard.</summary>
    public static string[] Shards(string dataDirectory, Guid fileId, string extension) =>
        [.. Directory.EnumerateFiles(dataDirectory, $"shard-*.{extension}", SearchOption.AllDirectories)
            .Where(path => path.Contains(fileId.ToString("N"), StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
