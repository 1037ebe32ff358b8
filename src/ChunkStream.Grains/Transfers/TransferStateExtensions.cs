using ChunkStream.Abstractions.Transfers;

namespace ChunkStream.Grains.Transfers;

internal static class TransferStateExtensions
{
    /// <summary>Whether nothing can happen to the transfer any more.</summary>
    public static bool HasEnded(this TransferState state) => state is TransferState.Completed or TransferState.Failed;
}
