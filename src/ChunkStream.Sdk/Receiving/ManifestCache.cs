namespace ChunkStream.Sdk.Receiving;

/// <summary>Keeps the manifests of files that ranges are read from: at most <see cref="MaxFiles"/>, the longest unused go first.</summary>
internal sealed class ManifestCache
{
    public const int MaxFiles = 256;

    private readonly Lock _lock = new();
    private readonly string _folder;

    public ManifestCache(string? folder)
    {
        _folder = folder ?? Path.Combine(Path.GetTempPath(), $"chunkstream-manifests-{Environment.UserName}");
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(_folder);
        else Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Where a file's manifest is, or is to be put.</summary>
    public string PathOf(Guid fileId)
    {
        string path = Path.Combine(_folder, $"{fileId:N}.manifest");
        if (File.Exists(path)) File.SetLastAccessTimeUtc(path, DateTime.UtcNow);
        else Trim();
        return path;
    }

    private void Trim()
    {
        lock (_lock)
        {
            FileInfo[] files = new DirectoryInfo(_folder).GetFiles("*.manifest");
            foreach (FileInfo file in files.OrderByDescending(file => file.LastAccessTimeUtc).Skip(MaxFiles - 1)) file.Delete();
        }
    }
}
