namespace ChunkStream.EndToEnd;

/// <summary>A folder of a test's own, gone with it.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("chunkstream-test-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    /// <summary>A file of seeded bytes.</summary>
    public string File(string name, long sizeBytes, int seed = 1)
    {
        string path = this[name];
        var random = new Random(seed);
        byte[] block = new byte[1024 * 1024];
        using FileStream file = System.IO.File.Create(path);
        for (long left = sizeBytes; left > 0; left -= block.Length)
        {
            random.NextBytes(block);
            file.Write(block, 0, (int)Math.Min(left, block.Length));
        }
        return path;
    }

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
