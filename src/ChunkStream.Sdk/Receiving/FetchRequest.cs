using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;

namespace ChunkStream.Sdk.Receiving;

/// <summary>A chunk that is asked for, and the hash that the manifest says it has.</summary>
/// <param name="Index">The chunk.</param>
/// <param name="Expected">Its hash.</param>
/// <param name="IsHedge">Whether it is asked for because another of its stripe is late.</param>
internal sealed record FetchRequest(ChunkIndex Index, Digest Expected, bool IsHedge);
