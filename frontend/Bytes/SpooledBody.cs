namespace ChunkStream.Frontend.Bytes;

/// <summary>A body that is whole and on disk, and deleted when this is disposed of.</summary>
internal sealed class SpooledBody(FileStream file) : IAsyncDisposable
{
    public string Path => file.Name;

    public ValueTask DisposeAsync() => file.DisposeAsync();
}
