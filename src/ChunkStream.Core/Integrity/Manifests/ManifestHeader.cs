using System.Buffers.Binary;
using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Integrity.Manifests;

/// <summary>What a manifest says of its file. The format is in docs/manifest.md.</summary>
/// <param name="FileId">The file's id.</param>
/// <param name="Layout">Its size and how it is cut.</param>
/// <param name="ContentHash">Its BLAKE3.</param>
public sealed record ManifestHeader(Guid FileId, FileLayout Layout, Digest ContentHash)
{
    /// <summary>The length of a header of this version in bytes.</summary>
    public const int SizeBytes = 76;

    public const ushort Version = 1;

    private const int IdAt = 8, SizeAt = 24, ChunkAt = 32, DataShardsAt = 36, ParityShardsAt = 37;
    private const int ReservedAt = 38, StripesAt = 40, HashAt = 44;

    private static ReadOnlySpan<byte> Magic => "CSMF"u8;

    /// <summary>The length of the whole manifest in bytes: header, digests and footer.</summary>
    public long ManifestBytes => SizeBytes + (Layout.ChunkCount + 1) * Digest.SizeBytes;

    /// <summary>Where a stripe's digests start in the manifest. All stripes but the last are equally long.</summary>
    public long OffsetOf(int stripe) => SizeBytes + (long)stripe * Layout.ShardCount * Digest.SizeBytes;

    /// <summary>Writes <see cref="SizeBytes"/> bytes.</summary>
    public void WriteTo(Span<byte> destination)
    {
        destination = destination[..SizeBytes];
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[6..], SizeBytes);
        FileId.TryWriteBytes(destination[IdAt..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(destination[SizeAt..], Layout.SizeBytes);
        BinaryPrimitives.WriteInt32LittleEndian(destination[ChunkAt..], Layout.ChunkBytes);
        destination[DataShardsAt] = (byte)Layout.DataShards;
        destination[ParityShardsAt] = (byte)Layout.ParityShards;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[ReservedAt..], 0);
        BinaryPrimitives.WriteInt32LittleEndian(destination[StripesAt..], Layout.StripeCount);
        ContentHash.CopyTo(destination[HashAt..]);
    }

    /// <summary>Reads a header from the first bytes of a manifest: all of it where the manifest is shorter than a header.</summary>
    /// <returns>What is wrong, or null; then <paramref name="header"/> is not null.</returns>
    public static ManifestFault? Read(ReadOnlySpan<byte> start, out ManifestHeader? header)
    {
        header = null;
        if (!start.StartsWith(Magic[..Math.Min(start.Length, Magic.Length)]))
            return new(ManifestProblem.NotAManifest, "This is not a manifest: it doesn't start with 'CSMF'.");
        if (start.Length >= 6 && BinaryPrimitives.ReadUInt16LittleEndian(start[4..]) is var version && version != Version)
            return version > Version
                ? new(ManifestProblem.NewerVersion, $"The manifest is of version {version}; this program reads version {Version}.")
                : new(ManifestProblem.HeaderInvalid, $"There is no manifest version {version}.");
        if (start.Length < SizeBytes)
            return new(ManifestProblem.Truncated, $"The manifest ends after {start.Length} bytes, within its header of {SizeBytes}.");
        if (BinaryPrimitives.ReadUInt16LittleEndian(start[6..]) is var headerBytes && headerBytes != SizeBytes)
            return new(ManifestProblem.HeaderInvalid, $"The header claims to be {headerBytes} bytes long, not {SizeBytes}.");
        if (BinaryPrimitives.ReadUInt16LittleEndian(start[ReservedAt..]) != 0)
            return new(ManifestProblem.HeaderInvalid, "The header's reserved bytes are not zero.");

        long sizeBytes = BinaryPrimitives.ReadInt64LittleEndian(start[SizeAt..]);
        int chunkBytes = BinaryPrimitives.ReadInt32LittleEndian(start[ChunkAt..]);
        if (FileLayout.Check(sizeBytes, chunkBytes, start[DataShardsAt], start[ParityShardsAt]) is { } problem)
            return new(ManifestProblem.LayoutInvalid, $"The header's {problem.Name} is {problem.Value}. {problem.Allowed}");
        var layout = new FileLayout(sizeBytes, chunkBytes, start[DataShardsAt], start[ParityShardsAt]);
        uint stripes = BinaryPrimitives.ReadUInt32LittleEndian(start[StripesAt..]);
        if (stripes != layout.StripeCount)
            return new(ManifestProblem.StripeCountWrong, $"The header counts {stripes} stripes; its layout has {layout.StripeCount}.");

        header = new(new Guid(start.Slice(IdAt, 16), bigEndian: true), layout, new Digest(start.Slice(HashAt, Digest.SizeBytes)));
        return null;
    }
}
