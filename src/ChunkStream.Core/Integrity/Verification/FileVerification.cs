namespace ChunkStream.Core.Integrity.Verification;

/// <summary>What the verification of a file's bytes against its manifest found.</summary>
/// <param name="Manifest">The manifest's own verification. Where it isn't good, nothing is known of the file.</param>
/// <param name="Chunks">The data chunks; null where the manifest's header is not sound.</param>
/// <param name="HasTrailingBytes">Whether the file is longer than the manifest says.</param>
public sealed record FileVerification(ManifestVerification Manifest, BatchVerification? Chunks, bool HasTrailingBytes)
{
    /// <summary>Whether the file is byte for byte the one that the manifest was made of.</summary>
    public bool IsGood => Manifest.IsGood && Chunks is { IsGood: true } && !HasTrailingBytes;
}
