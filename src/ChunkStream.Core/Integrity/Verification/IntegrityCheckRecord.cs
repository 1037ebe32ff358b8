using System.Buffers.Binary;
using ChunkStream.Core.Layout;

namespace ChunkStream.Core.Integrity.Verification;

/// <summary>
/// The lasting record of one integrity check: what was checked and when, what was expected and what was found. It can be stored as
/// <see cref="StoredBytes"/> bytes, which carry their own digest, and the check can be made again later against the same expectation.
/// </summary>
/// <param name="Subject">What was checked.</param>
/// <param name="FileId">Whose.</param>
/// <param name="Index">Which chunk, where the subject is one; otherwise null.</param>
/// <param name="CheckedAt">When, in UTC.</param>
/// <param name="ExpectedBytes">The length that it must have.</param>
/// <param name="FoundBytes">The length that it had.</param>
/// <param name="Expected">The hash that it must have.</param>
/// <param name="Found">The hash that it had; zero where none was computed.</param>
public sealed record IntegrityCheckRecord(
    IntegritySubject Subject, Guid FileId, ChunkIndex? Index, DateTimeOffset CheckedAt,
    long ExpectedBytes, long FoundBytes, Digest Expected, Digest Found)
{
    /// <summary>The length of a stored record in bytes.</summary>
    public const int StoredBytes = 152;

    private const byte Version = 1;
    private const int NoIndex = -1;
    private const int SealAt = StoredBytes - Digest.SizeBytes;

    public bool Passed => ExpectedBytes == FoundBytes && Expected == Found;

    public static IntegrityCheckRecord OfChunk(Guid fileId, in ChunkVerification chunk, TimeProvider clock) => new(
        IntegritySubject.Chunk, fileId, chunk.Index, clock.GetUtcNow(), chunk.ExpectedBytes, chunk.FoundBytes, chunk.Expected, chunk.Found);

    /// <summary>A check of a whole file's checksum against what its manifest or catalogue says.</summary>
    public static IntegrityCheckRecord OfFile(
        Guid fileId, long expectedBytes, in Digest expected, in FileChecksum found, TimeProvider clock) =>
        new(IntegritySubject.File, fileId, null, clock.GetUtcNow(), expectedBytes, found.LengthBytes, expected, found.Hash);

    /// <summary>A check of a manifest against its digest.</summary>
    public static IntegrityCheckRecord OfManifest(
        Guid fileId, long expectedBytes, in Digest expected, long foundBytes, in Digest found, TimeProvider clock) =>
        new(IntegritySubject.Manifest, fileId, null, clock.GetUtcNow(), expectedBytes, foundBytes, expected, found);

    /// <summary>The record of the same check made again: the same expectation, and what was found this time.</summary>
    public IntegrityCheckRecord CheckedAgain(long foundBytes, in Digest found, TimeProvider clock) =>
        this with { CheckedAt = clock.GetUtcNow(), FoundBytes = foundBytes, Found = found };

    /// <summary>The stored form, little-endian, closed with the digest of what precedes it.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[StoredBytes];
        bytes[0] = Version;
        bytes[1] = (byte)Subject;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), Index?.Stripe ?? NoIndex);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), Index?.Shard ?? NoIndex);
        FileId.TryWriteBytes(bytes.AsSpan(16), bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), CheckedAt.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(40), ExpectedBytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), FoundBytes);
        Expected.CopyTo(bytes.AsSpan(56));
        Found.CopyTo(bytes.AsSpan(88));
        Blake3.Hash(bytes.AsSpan(0, SealAt)).CopyTo(bytes.AsSpan(SealAt));
        return bytes;
    }

    /// <summary>Reads a stored record. False where the bytes aren't one that is whole and unchanged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IntegrityCheckRecord? record)
    {
        record = null;
        if (bytes.Length != StoredBytes || bytes[0] != Version || !Enum.IsDefined((IntegritySubject)bytes[1])) return false;
        if (Blake3.Hash(bytes[..SealAt]) != new Digest(bytes[SealAt..])) return false;
        long ticks = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]);
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.Ticks) return false;
        int stripe = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        record = new(
            (IntegritySubject)bytes[1],
            new Guid(bytes.Slice(16, 16), bigEndian: true),
            stripe == NoIndex ? null : new ChunkIndex(stripe, BinaryPrimitives.ReadInt32LittleEndian(bytes[8..])),
            new DateTimeOffset(ticks, TimeSpan.Zero),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]),
            new Digest(bytes.Slice(56, Digest.SizeBytes)),
            new Digest(bytes.Slice(88, Digest.SizeBytes)));
        return true;
    }
}
