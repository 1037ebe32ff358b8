using System.Text.Json;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;

namespace ChunkStream.Grains.Catalog;

/// <summary>A row of the table <c>files</c>.</summary>
internal sealed record FileRow
{
    public const string Columns = """
        id AS Id, revision AS Revision, owner AS Owner, name AS Name, size_bytes AS SizeBytes, chunk_bytes AS ChunkBytes,
        data_shards AS DataShards, parity_shards AS ParityShards, content_hash AS ContentHash, manifest_digest AS ManifestDigest,
        homes AS Homes, health AS Health, created_at AS CreatedAt, deleted AS Deleted, unsettled AS Unsettled
        """;

    public required string Id { get; init; }
    public long Revision { get; init; }
    public required string Owner { get; init; }
    public required string Name { get; init; }
    public long SizeBytes { get; init; }
    public int ChunkBytes { get; init; }
    public int DataShards { get; init; }
    public int ParityShards { get; init; }
    public required string ContentHash { get; init; }
    public required string ManifestDigest { get; init; }
    public required string Homes { get; init; }
    public int Health { get; init; }
    public long CreatedAt { get; init; }
    public int Deleted { get; init; }
    public int Unsettled { get; init; }

    public static FileRow From(StoredFile file, long revision, bool deleted, bool unsettled) => new()
    {
        Id = file.Id.ToString("N"),
        Revision = revision,
        Owner = file.Owner,
        Name = file.Name,
        SizeBytes = file.Layout.SizeBytes,
        ChunkBytes = file.Layout.ChunkBytes,
        DataShards = file.Layout.DataShards,
        ParityShards = file.Layout.ParityShards,
        ContentHash = file.ContentHash.ToString(),
        ManifestDigest = file.ManifestDigest.ToString(),
        Homes = JsonSerializer.Serialize([.. file.Homes.Select(home => new[] { home.GatewayId, home.VolumeId })], CatalogJson.Default.StringArrayArray),
        Health = (int)file.Health,
        CreatedAt = file.CreatedAt.ToUnixTimeMilliseconds(),
        Deleted = deleted ? 1 : 0,
        Unsettled = unsettled ? 1 : 0,
    };

    public StoredFile ToFile() => new()
    {
        Id = Guid.Parse(Id),
        Owner = Owner,
        Name = Name,
        Layout = new FileLayout(SizeBytes, ChunkBytes, DataShards, ParityShards),
        ContentHash = Digest.Parse(ContentHash),
        ManifestDigest = Digest.Parse(ManifestDigest),
        Homes = [.. JsonSerializer.Deserialize(Homes, CatalogJson.Default.StringArrayArray)!.Select(home => new ShardHome(home[0], home[1]))],
        Health = (FileHealth)Health,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt),
    };
}
