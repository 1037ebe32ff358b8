using ChunkStream.Core.Integrity;

namespace ChunkStream.Sdk;

/// <summary>A file that was sent and is Completed.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="FileId">What it is read back by.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="ChunkBytes">The chunk size of its plan.</param>
/// <param name="Blake3">Its hash, which both sides computed.</param>
/// <param name="ChunksSent">Chunks written to lanes by this call, each time counted.</param>
/// <param name="ChunksLost">Chunks thrown away by <see cref="SendOptions.LoseChunk"/>.</param>
/// <param name="ChunksResent">Chunks written again because a lane failed or the gateway refused them.</param>
/// <param name="ChunksResumed">Chunks that were committed before this call and not sent by it.</param>
/// <param name="ChunksRebuilt">Chunks that the gateway rebuilt from parity.</param>
/// <param name="Paths">The paths that carried chunks.</param>
/// <param name="Elapsed">From the call to Completed.</param>
/// <param name="StripeMedian">From a stripe's first chunk that went to a lane until the gateway had any k of it: of half of this call's stripes at most. To 2 %.</param>
/// <param name="StripeP99">The same, of 99 of 100 stripes.</param>
public sealed record SendResult(
    Guid TransferId, Guid FileId, long SizeBytes, int ChunkBytes, Digest Blake3, long ChunksSent, long ChunksLost, long ChunksResent, long ChunksResumed,
    long ChunksRebuilt, IReadOnlyList<PathSummary> Paths, TimeSpan Elapsed, TimeSpan StripeMedian, TimeSpan StripeP99);
