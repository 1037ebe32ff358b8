using ChunkStream.Core.Integrity.Manifests;

namespace ChunkStream.Core.Integrity.Verification;

/// <summary>Reads a manifest through and checks all of it: counts, sizes, sequence, digests, and whose it is.</summary>
public static class ManifestVerifier
{
    /// <param name="manifest">Read to its end. Stays the caller's; its exceptions pass through.</param>
    /// <param name="expected">What is known of the file, or null.</param>
    /// <param name="cancellationToken">Ends the wait for the stream.</param>
    public static async ValueTask<ManifestVerification> VerifyAsync(
        Stream manifest, FileExpectation? expected = null, CancellationToken cancellationToken = default)
    {
        var reader = new ManifestReader(manifest);
        if (!await reader.ReadHeaderAsync(cancellationToken)) return new(null, default, reader.Fault, []);
        Digest[] digests = new Digest[reader.Header.Layout.ShardCount];
        while (await reader.ReadStripeAsync(digests, cancellationToken))
        {
            // The reader checks what it reads.
        }

        return Conclude(reader, expected);
    }

    /// <summary>The verdict on a manifest that was read to its end or to its first fault.</summary>
    internal static ManifestVerification Conclude(ManifestReader reader, FileExpectation? expected)
    {
        if (!reader.IsVerified) return new(reader.Header, default, reader.Fault, []);
        IReadOnlyList<MetadataMismatch> mismatches = expected?.Compare(reader.Header, reader.ManifestDigest) ?? [];
        ManifestFault? fault = mismatches.Count == 0 ? null : new(ManifestProblem.OtherFile, string.Join(" ", mismatches));
        return new(reader.Header, reader.ManifestDigest, fault, mismatches);
    }
}
