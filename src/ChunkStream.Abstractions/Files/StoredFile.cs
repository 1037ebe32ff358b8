using ChunkStream.Abstractions.Gateways;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;

namespace ChunkStream.Abstractions.Files;

/// <summary>A completed file: immutable bytes and where they rest.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.file")]
public sealed record StoredFile
{
    [Id(0)] public required Guid Id { get; init; }
    [Id(1)] public required string Owner { get; init; }
    [Id(2)] public required string Name { get; init; }
    [Id(3)] public required FileLayout Layout { get; init; }
    [Id(4)] public required Digest ContentHash { get; init; }
    [Id(5)] public required Digest ManifestDigest { get; init; }
    [Id(6)] public required IReadOnlyList<ShardHome> Homes { get; init; }
    [Id(7)] public required FileHealth Health { get; init; }
    [Id(8)] public required DateTimeOffset CreatedAt { get; init; }
}
