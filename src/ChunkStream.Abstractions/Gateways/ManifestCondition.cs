namespace ChunkStream.Abstractions.Gateways;

/// <summary>How a file's manifest is at rest; each one is worse than the one before.</summary>
public enum ManifestCondition
{
    /// <summary>Every volume's copy is whole and this file's.</summary>
    Good = 0,

    /// <summary>A copy was damaged or missing, and has been written anew.</summary>
    Rewritten = 1,

    /// <summary>A copy is damaged or missing, and couldn't be written anew; another one is good.</summary>
    Damaged = 2,

    /// <summary>No copy is good, and the hashes beside the chunks don't make it again. Without it nobody can read the file.</summary>
    Lost = 3,
}
