using ChunkStream.Sdk;

namespace ChunkStream.Frontend.Bytes;

/// <summary>What the frontend needs done with a file's bytes, for one owner. Failures are <see cref="ChunkStreamException"/>.</summary>
internal interface IFileBytes
{
    /// <summary>Sends the file at <paramref name="path"/> under this name, and returns when it is Completed.</summary>
    Task<SendResult> SendAsync(string path, string name, CancellationToken cancellationToken);

    /// <summary>Writes verified bytes only. A failure after the first of them leaves <paramref name="destination"/> cut short.</summary>
    Task ReadAsync(Guid fileId, long offsetBytes, long lengthBytes, Stream destination, CancellationToken cancellationToken);

    Task ReadManifestAsync(Guid fileId, Stream destination, CancellationToken cancellationToken);
}
