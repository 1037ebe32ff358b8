using ChunkStream.Core.Integrity;

namespace ChunkStream.Sdk.Control;

/// <summary>A completed file, as <c>/api/v1/files</c> shows it.</summary>
public sealed record StoredFile
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required long SizeBytes { get; init; }
    public required Digest Blake3 { get; init; }
    public required Digest ManifestDigest { get; init; }
    public required int ChunkBytes { get; init; }
    public required int DataShards { get; init; }
    public required int ParityShards { get; init; }
    public required string Health { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
