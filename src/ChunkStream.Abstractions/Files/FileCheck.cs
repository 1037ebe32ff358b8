using ChunkStream.Abstractions.Gateways;
using ChunkStream.Core.Integrity.Verification;

namespace ChunkStream.Abstractions.Files;

/// <summary>What one verification of a stored file came to, kept with the file so that it can be looked at, and made again, later.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.file.check")]
public sealed record FileCheck
{
    /// <summary>
    /// When, and of the whole file: the length and the BLAKE3 that it must have, and those that it had after repair. The hash follows
    /// from the chunks' where all of them can be read; otherwise there is none, and it is zero.
    /// </summary>
    [Id(0)] public required IntegrityCheckRecord Record { get; init; }

    [Id(1)] public required long CheckedChunks { get; init; }
    [Id(2)] public required long BadChunks { get; init; }
    [Id(3)] public required long RebuiltChunks { get; init; }
    [Id(4)] public required long LostStripes { get; init; }
    [Id(5)] public required ManifestCondition Manifest { get; init; }
}
