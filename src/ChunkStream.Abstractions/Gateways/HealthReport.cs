using ChunkStream.Core.Integrity.Verification;

namespace ChunkStream.Abstractions.Gateways;

/// <summary>What a gateway found when it read a file through.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.health")]
public sealed record HealthReport(
    [property: Id(0)] long CheckedChunks, [property: Id(1)] long BadChunks, [property: Id(2)] long RebuiltChunks, [property: Id(3)] long LostStripes)
{
    /// <summary>The bytes of the file that can't be read: those of bad data chunks in lost stripes.</summary>
    [Id(4)] public long LostBytes { get; init; }

    /// <summary>
    /// What is wrong with the first bad chunks, in order; at most <see cref="BatchVerification.MaxDetails"/>, some 12 KiB. Null: with none.
    /// </summary>
    [Id(5)] public IReadOnlyList<ChunkVerification>? Bad { get; init; }

    [Id(6)] public ManifestCondition Manifest { get; init; }

    /// <summary>What was wrong with the manifest; null: nothing.</summary>
    [Id(7)] public string? ManifestProblem { get; init; }

    /// <summary>What two gateways that each hold some of a file's shards found of it.</summary>
    public HealthReport And(HealthReport other) => new(
        CheckedChunks + other.CheckedChunks, BadChunks + other.BadChunks, RebuiltChunks + other.RebuiltChunks, LostStripes + other.LostStripes)
    {
        LostBytes = LostBytes + other.LostBytes,
        Bad = Bad is null ? other.Bad : [.. Bad.Concat(other.Bad ?? []).OrderBy(chunk => chunk.Index).Take(BatchVerification.MaxDetails)],
        Manifest = Manifest > other.Manifest ? Manifest : other.Manifest,
        ManifestProblem = ManifestProblem ?? other.ManifestProblem,
    };
}
