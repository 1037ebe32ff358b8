using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;

namespace ChunkStream.Sdk.Receiving;

/// <summary>A chunk that is asked for, and the hash that the manifest says it has.</summary>
internal sealed record FetchRequest(ChunkIndex Index, Digest Expected);
