namespace ChunkStream.Storage;

/// <summary>A folder that holds shards. Several volumes are several failure domains.</summary>
public sealed class VolumeOptions
{
    /// <summary>A stable name; plans name it. 1 to 64 characters of a-z, 0-9 and hyphen.</summary>
    public required string Id { get; init; }

    /// <summary>The folder; made where it doesn't exist.</summary>
    public required string Path { get; init; }
}
