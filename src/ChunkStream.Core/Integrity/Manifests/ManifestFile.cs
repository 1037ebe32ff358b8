using ChunkStream.Core.Layout;
using Microsoft.Win32.SafeHandles;

namespace ChunkStream.Core.Integrity.Manifests;

/// <summary>
/// Single stripes of a manifest at rest, in any order, without reading the rest. Thread-safe. The handle stays the caller's.
/// <para>
/// Only the header and the length are checked here. A manifest is verified once, by <see cref="ManifestReader"/>, before it is trusted.
/// </para>
/// </summary>
public sealed class ManifestFile
{
    private readonly SafeFileHandle _handle;

    private ManifestFile(SafeFileHandle handle, ManifestHeader header) => (_handle, Header) = (handle, header);

    public ManifestHeader Header { get; }

    /// <returns>What is wrong, or null; then <paramref name="manifest"/> is not null.</returns>
    public static ManifestFault? Open(SafeFileHandle handle, out ManifestFile? manifest)
    {
        manifest = null;
        Span<byte> start = stackalloc byte[ManifestHeader.SizeBytes];
        if (ManifestHeader.Read(start[..ReadAt(handle, start, 0)], out ManifestHeader? header) is { } fault) return fault;
        long lengthBytes = RandomAccess.GetLength(handle);
        if (lengthBytes != header!.ManifestBytes)
            return lengthBytes < header.ManifestBytes
                ? new(ManifestProblem.Truncated, $"The manifest ends after {lengthBytes} of {header.ManifestBytes} bytes.")
                : new(ManifestProblem.TrailingBytes, $"Bytes follow the manifest's {header.ManifestBytes}.");
        manifest = new(handle, header);
        return null;
    }

    /// <summary>Reads the digests of one stripe. Doesn't allocate.</summary>
    /// <param name="stripe">0-based.</param>
    /// <param name="digests">As many as the layout has shards: each is set, those of chunks that don't exist to zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The file has no such stripe.</exception>
    /// <exception cref="EndOfStreamException">The file has been cut since it was opened.</exception>
    public void ReadStripe(int stripe, Span<Digest> digests)
    {
        FileLayout layout = Header.Layout;
        Span<byte> packed = stackalloc byte[FileLayout.MaxShards * Digest.SizeBytes];
        packed = packed[..StripeDigests.PackedBytes(layout, stripe)];
        if (ReadAt(_handle, packed, Header.OffsetOf(stripe)) < packed.Length)
            throw new EndOfStreamException($"The manifest of file {Header.FileId} has been cut since it was opened.");
        StripeDigests.Unpack(layout, stripe, packed, digests);
    }

    private static int ReadAt(SafeFileHandle handle, Span<byte> buffer, long offsetBytes)
    {
        int done = 0;
        while (done < buffer.Length && RandomAccess.Read(handle, buffer[done..], offsetBytes + done) is > 0 and var read) done += read;
        return done;
    }
}
