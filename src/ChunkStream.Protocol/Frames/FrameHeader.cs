using System.Buffers.Binary;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;

namespace ChunkStream.Protocol.Frames;

/// <summary>
/// The 16 bytes that every frame starts with, little-endian: version (1 byte), type (1), code (2), body length (4), stripe (4),
/// shard (2), zero (2). Fields that a type has no use for are zero.
/// </summary>
public readonly record struct FrameHeader(FrameType Type, FailureCode Code, int BodyBytes, int Stripe, int Shard)
{
    public const int SizeBytes = 16;
    public const byte Version = 1;

    /// <summary>A frame without a body about a chunk.</summary>
    public static FrameHeader About(FrameType type, ChunkIndex index, int bodyBytes = 0, FailureCode code = FailureCode.None) =>
        new(type, code, bodyBytes, index.Stripe, index.Shard);

    public static FrameHeader Of(FrameType type, int bodyBytes, FailureCode code = FailureCode.None) => new(type, code, bodyBytes, 0, 0);

    public ChunkIndex Index => new(Stripe, Shard);

    public void Write(Span<byte> destination)
    {
        destination[0] = Version;
        destination[1] = (byte)Type;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], (ushort)Code);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], BodyBytes);
        BinaryPrimitives.WriteInt32LittleEndian(destination[8..], Stripe);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[12..], (ushort)Shard);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[14..], 0);
    }

    /// <summary>
    /// Reads a header. Anything that isn't one is refused before a byte of its body is read: an unknown version or type, a body
    /// that is longer than its type may have.
    /// </summary>
    public static FailureCode TryRead(ReadOnlySpan<byte> source, out FrameHeader header)
    {
        header = default;
        if (source.Length < SizeBytes) return FailureCode.FrameTruncated;
        if (source[0] != Version) return FailureCode.VersionUnsupported;
        var type = (FrameType)source[1];
        if (FrameLimits.MaxBodyBytes(type) is not { } limit) return FailureCode.FrameUnknown;
        uint bodyBytes = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
        if (bodyBytes > limit) return FailureCode.FrameTooLong;
        int stripe = BinaryPrimitives.ReadInt32LittleEndian(source[8..]);
        if (stripe < 0) return FailureCode.ChunkOutsideLayout;
        header = new(
            type, (FailureCode)BinaryPrimitives.ReadUInt16LittleEndian(source[2..]), (int)bodyBytes, stripe,
            BinaryPrimitives.ReadUInt16LittleEndian(source[12..]));
        return FailureCode.None;
    }
}
