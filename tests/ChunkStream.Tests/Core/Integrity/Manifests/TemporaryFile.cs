using Microsoft.Win32.SafeHandles;

namespace ChunkStream.Tests.Core.Integrity.Manifests;

/// <summary>A file with these bytes, open for reading, gone when disposed of.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public TemporaryFile(byte[] bytes)
    {
        File.WriteAllBytes(_path, bytes);
        Handle = File.OpenHandle(_path);
    }

    public SafeFileHandle Handle { get; }

    public void Dispose()
    {
        Handle.Dispose();
        File.Delete(_path);
    }
}
