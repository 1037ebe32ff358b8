using ChunkStream.Core.Integrity;

namespace ChunkStream.Sdk;

/// <summary>A file that was received whole and verified.</summary>
/// <param name="TransferId">The transfer.</param>
/// <param name="FileId">The file.</param>
/// <param name="OutputPath">Where it is.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="Blake3">Its hash, checked chunk by chunk against the manifest.</param>
/// <param name="ChunksReceived">Chunks that crossed.</param>
/// <param name="ChunksRebuilt">Data chunks that were rebuilt from parity here.</param>
/// <param name="ChunksResumed">Data chunks that were on disk already and verified.</param>
/// <param name="Paths">The paths that carried chunks.</param>
/// <param name="Elapsed">From the call to the file being in place.</param>
public sealed record ReceiveResult(
    Guid TransferId, Guid FileId, string OutputPath, long SizeBytes, Digest Blake3, long ChunksReceived, long ChunksRebuilt,
    long ChunksResumed, IReadOnlyList<PathSummary> Paths, TimeSpan Elapsed);
