namespace ChunkStream.Tests.Cli;

/// <summary>A folder that is gone when the test is.</summary>
/// <param name="within">Where the folder is made; null: the temporary folder.</param>
internal sealed class TestFolder(string? within = null) : IDisposable
{
    public string Path { get; } = Directory.CreateDirectory(
        System.IO.Path.Combine(within ?? System.IO.Path.GetTempPath(), $"chunkstream-cli-{Guid.NewGuid():n}")).FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
