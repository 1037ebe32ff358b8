using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Frontend.Bytes;

/// <summary>
/// Moves bytes over lanes to the gateways, with the SDK, as every other client does. Chunk bytes never travel in grain messages, and
/// the frontend needs no way of its own to the shards.
/// </summary>
internal sealed class LaneFileBytes(IControlPlane control, ChunkStreamClientOptions options, ILoggerFactory loggers, TimeProvider time) : IFileBytes
{
    private readonly ChunkStreamClient _client = new(control, options, loggers, time);

    public async Task<SendResult> SendAsync(string path, string name, CancellationToken cancellationToken)
    {
        // A client that goes away leaves nothing to resume from: its body was in the spool. So an unfinished transfer is given up.
        var remembered = new RememberedTransfer(control);
        var client = new ChunkStreamClient(remembered, options, loggers, time);
        try
        {
            return await client.SendAsync(path, new() { Name = name }, null, cancellationToken);
        }
        catch
        {
            await remembered.CancelAsync();
            throw;
        }
    }

    public Task ReadAsync(Guid fileId, long offsetBytes, long lengthBytes, Stream destination, CancellationToken cancellationToken) =>
        _client.ReadAsync(fileId, offsetBytes, lengthBytes, destination, cancellationToken);

    public Task ReadManifestAsync(Guid fileId, Stream destination, CancellationToken cancellationToken) =>
        _client.ReadManifestAsync(fileId, destination, cancellationToken);
}
