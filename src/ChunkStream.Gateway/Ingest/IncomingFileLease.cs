namespace ChunkStream.Gateway.Ingest;

/// <summary>Keeps an incoming file open while a lane uses it.</summary>
internal sealed class IncomingFileLease(IncomingFiles owner, IncomingFile file) : IAsyncDisposable
{
    public IncomingFile File => file;

    public ValueTask DisposeAsync() => owner.ReturnAsync(file);
}
