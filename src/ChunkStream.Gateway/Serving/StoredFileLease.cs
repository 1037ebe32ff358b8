namespace ChunkStream.Gateway.Serving;

/// <summary>Keeps a stored file open while a lane reads from it.</summary>
internal sealed class StoredFileLease(StoredFiles owner, StoredFileEntry entry) : IAsyncDisposable
{
    public StoredFileEntry Entry => entry;

    public ValueTask DisposeAsync() => owner.ReturnAsync(entry);
}
