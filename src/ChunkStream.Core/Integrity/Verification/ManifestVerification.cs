using ChunkStream.Core.Integrity.Manifests;

namespace ChunkStream.Core.Integrity.Verification;

/// <summary>What the verification of a manifest found.</summary>
/// <param name="Header">What the manifest says; null where its header is not sound.</param>
/// <param name="ManifestDigest">The manifest's own digest; zero where the manifest is not sound.</param>
/// <param name="Fault">Why the manifest isn't accepted, or null.</param>
/// <param name="Mismatches">Where a sound manifest is that of another file.</param>
public sealed record ManifestVerification(
    ManifestHeader? Header, Digest ManifestDigest, ManifestFault? Fault, IReadOnlyList<MetadataMismatch> Mismatches)
{
    public bool IsGood => Fault is null;
}
