using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Layout;

namespace ChunkStream.Grains.Transfers;

/// <summary>Chooses the length of a transfer's chunks where the client leaves it to the service.</summary>
internal static class ChunkSizing
{
    private static readonly TimeSpan ShortRoundTrip = TimeSpan.FromMilliseconds(20);

    public static int ChunkBytesFor(TransferRequest request) => request switch
    {
        { ChunkBytes: not 0 } => request.ChunkBytes,
        // A file or a stripe that isn't allowed is told so by its own name, not by the planner.
        { SizeBytes: < 0 } or { DataShards: < 1 or > FileLayout.MaxDataShards } => FileLayout.MinChunkBytes,
        // Long paths lose packets until they have shown otherwise.
        { RoundTrip: { } roundTrip, LossRate: null } when roundTrip > ShortRoundTrip =>
            Math.Min(ChunkSizePlanner.UnmeasuredChunkBytes, Plan(request, roundTrip)),
        { RoundTrip: { } roundTrip } => Plan(request, roundTrip),
        _ => Math.Min(ChunkSizePlanner.UnmeasuredChunkBytes, ChunkSizePlanner.ForSize(request.SizeBytes, request.DataShards)),
    };

    private static int Plan(TransferRequest request, TimeSpan roundTrip) => ChunkSizePlanner.Plan(
        roundTrip, Math.Clamp(request.LossRate ?? 0, 0, 1), request.SizeBytes, request.DataShards, request.PreviousChunkBytes);
}
