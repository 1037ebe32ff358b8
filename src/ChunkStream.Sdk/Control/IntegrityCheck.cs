using ChunkStream.Core.Integrity;

namespace ChunkStream.Sdk.Control;

/// <summary>What one verification of a stored file came to. The service keeps the last 16 of each file.</summary>
public sealed record IntegrityCheck
{
    public required DateTimeOffset CheckedAt { get; init; }

    /// <summary>Whether every byte of the file could be read, after repair.</summary>
    public required bool Passed { get; init; }

    public required long ExpectedBytes { get; init; }

    /// <summary>How many of the file's bytes could be read.</summary>
    public required long FoundBytes { get; init; }

    /// <summary>The BLAKE3 that the file must have: a copy of it can be checked against it at any time, with <c>b3sum</c> too.</summary>
    public required Digest ExpectedHash { get; init; }

    /// <summary>The BLAKE3 that it had; null where not all of it could be read.</summary>
    public Digest? FoundHash { get; init; }

    public required long CheckedChunks { get; init; }
    public required long BadChunks { get; init; }
    public required long RebuiltChunks { get; init; }
    public required long LostStripes { get; init; }

    /// <summary>As <see cref="VerifyReport.Manifest"/>.</summary>
    public required string Manifest { get; init; }
}
