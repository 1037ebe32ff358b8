using ChunkStream.Core.Integrity;

namespace ChunkStream.Sdk.Control;

/// <summary>The body of <c>POST /api/v1/transfers/{id}/complete</c>.</summary>
/// <param name="Blake3">The BLAKE3 of the whole file, as the client computed it.</param>
public sealed record CompleteTransfer(Digest Blake3);
