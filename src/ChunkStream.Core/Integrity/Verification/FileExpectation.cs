using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Integrity.Verification;

/// <summary>What is known of a file before its manifest is read. Null where nothing is known.</summary>
public sealed record FileExpectation
{
    public Guid? FileId { get; init; }
    public long? SizeBytes { get; init; }
    public FileLayout? Layout { get; init; }
    public Digest? ContentHash { get; init; }
    public Digest? ManifestDigest { get; init; }

    /// <summary>Verifies a manifest's metadata: every field that differs, or nothing.</summary>
    public IReadOnlyList<MetadataMismatch> Compare(ManifestHeader header, Digest manifestDigest)
    {
        List<MetadataMismatch> mismatches = [];
        Check("file id", FileId, header.FileId);
        Check("size in bytes", SizeBytes, header.Layout.SizeBytes);
        if (Layout is { } layout)
        {
            Check("size in bytes by the layout", (long?)layout.SizeBytes, header.Layout.SizeBytes);
            Check("chunk size in bytes", (int?)layout.ChunkBytes, header.Layout.ChunkBytes);
            Check("number of data shards", (int?)layout.DataShards, header.Layout.DataShards);
            Check("number of parity shards", (int?)layout.ParityShards, header.Layout.ParityShards);
        }

        Check("content hash", ContentHash, header.ContentHash);
        Check("manifest digest", ManifestDigest, manifestDigest);
        return mismatches;

        void Check<T>(string field, T? expected, T found) where T : struct, IEquatable<T>
        {
            if (expected is { } value && !value.Equals(found)) mismatches.Add(new(field, $"{value}", $"{found}"));
        }
    }
}
