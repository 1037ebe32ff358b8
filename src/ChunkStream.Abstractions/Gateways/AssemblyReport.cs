using ChunkStream.Core.Integrity;

namespace ChunkStream.Abstractions.Gateways;

/// <summary>What a gateway found when it put a file together.</summary>
/// <param name="ContentHash">The BLAKE3 of the file's bytes, merged from its data chunks' values.</param>
/// <param name="ManifestDigest">The manifest's own digest.</param>
/// <param name="RebuiltChunks">Chunks that weren't committed and were rebuilt from the others of their stripes.</param>
[GenerateSerializer, Immutable, Alias("chunkstream.assembly")]
public sealed record AssemblyReport([property: Id(0)] Digest ContentHash, [property: Id(1)] Digest ManifestDigest, [property: Id(2)] long RebuiltChunks);
