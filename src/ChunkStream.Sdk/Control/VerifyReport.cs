namespace ChunkStream.Sdk.Control;

/// <summary>What reading and verifying every chunk of a stored file, and its manifest, found.</summary>
/// <param name="CheckedChunks">How many chunks were read, parity among them.</param>
/// <param name="BadChunks">How many of them were missing or bad.</param>
/// <param name="RebuiltChunks">How many of these were rebuilt and are good now.</param>
/// <param name="LostStripes">How many stripes have too few good chunks to be read.</param>
public sealed record VerifyReport(long CheckedChunks, long BadChunks, long RebuiltChunks, long LostStripes)
{
    /// <summary>How many bytes of the file can't be read.</summary>
    public long LostBytes { get; init; }

    /// <summary>What was wrong with the first 100 bad chunks, before they were rebuilt; null: none was bad.</summary>
    public IReadOnlyList<DifferingChunk>? Bad { get; init; }

    /// <summary>How many more chunks were bad than <see cref="Bad"/> describes.</summary>
    public long MoreBadChunks => BadChunks - (Bad?.Count ?? 0);

    /// <summary>
    /// The manifest at rest: <c>good</c>; <c>rewritten</c>, where a copy was bad; <c>damaged</c>, where a bad copy couldn't be written anew but
    /// another is good; <c>lost</c>.
    /// </summary>
    public string Manifest { get; init; } = "good";

    /// <summary>What was wrong with the manifest; null: nothing.</summary>
    public string? ManifestProblem { get; init; }

    /// <summary>Whether every byte can be read.</summary>
    public bool IsReadable => LostStripes == 0 && Manifest != "lost";
}
