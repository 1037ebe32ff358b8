using ChunkStream.Abstractions.Files;

namespace ChunkStream.Grains.Files;

/// <summary>What a file grain keeps.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.state.file")]
internal sealed record FileRecord
{
    /// <summary>Counts the changes; by it the catalogue tells a late row from a newer one.</summary>
    [Id(0)] public long Revision { get; init; }

    [Id(1)] public required StoredFile File { get; init; }

    /// <summary>Set: the file was deleted, and this is what remains, so that nothing brings it back.</summary>
    [Id(2)] public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Deleted, and every gateway has dropped its chunks.</summary>
    [Id(3)] public bool IsDropped { get; init; }

    /// <summary>The checks that were made last, oldest first; null: none yet.</summary>
    [Id(4)] public IReadOnlyList<FileCheck>? Checks { get; init; }

    public bool HasWork => DeletedAt is not null && !IsDropped;
}
