using ChunkStream.Abstractions.Transfers;

namespace ChunkStream.Grains.Transfers;

/// <summary>Chooses the length of a transfer's chunks where the client leaves it to the service.</summary>
internal static class ChunkSizing
{
    private const int DefaultChunkBytes = 256 * 1024;

    public static int ChunkBytesFor(TransferRequest request) => request.ChunkBytes != 0 ? request.ChunkBytes : DefaultChunkBytes;
}
