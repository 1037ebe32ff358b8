using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Integrity.Verification;

/// <summary>One chunk of a batch.</summary>
/// <param name="Index">Which chunk it is said to be.</param>
/// <param name="Bytes">Its bytes; read only until the verification returns.</param>
/// <param name="Expected">The hash that it must have, as <see cref="ChunkHash.Of"/> gives it.</param>
public readonly record struct ChunkToVerify(ChunkIndex Index, ReadOnlyMemory<byte> Bytes, Digest Expected);
