using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Frames;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Protocol.Frames;

public sealed class FrameHeaderTests
{
    private static readonly Gen<FrameHeader> s_headers =
        from type in Gen.Enum<FrameType>()
        from code in Gen.Enum<FailureCode>()
        from bodyBytes in Gen.Int[0, FrameLimits.MaxBodyBytes(type)!.Value]
        from stripe in Gen.Int[0, int.MaxValue]
        from shard in Gen.Int[0, ushort.MaxValue]
        select new FrameHeader(type, code, bodyBytes, stripe, shard);

    // What a header refuses; each is told before a byte of a body is read.
    private static readonly HashSet<FailureCode> s_refusals =
    [
        FailureCode.FrameTruncated, FailureCode.VersionUnsupported, FailureCode.FrameUnknown, FailureCode.FrameTooLong,
        FailureCode.ChunkOutsideLayout,
    ];

    [Fact]
    public void What_is_written_is_read() => s_headers.Sample(header =>
    {
        byte[] bytes = Written(header);
        Assert.Equal(FailureCode.None, FrameHeader.TryRead(bytes, out FrameHeader read));
        Assert.Equal(header, read);
        Assert.Equal(new ChunkIndex(header.Stripe, header.Shard), read.Index);
    });

    [Fact]
    public void Writing_overwrites_all_sixteen_bytes() => s_headers.Sample(header =>
    {
        byte[] used = new byte[FrameHeader.SizeBytes];
        Array.Fill(used, (byte)0xFF);
        header.Write(used);
        Assert.Equal(Written(header), used);
    });

    [Fact]
    public void Fewer_bytes_than_a_header_are_truncated() => Gen.Select(s_headers, Gen.Int[0, FrameHeader.SizeBytes - 1]).Sample((header, length) =>
    {
        Assert.Equal(FailureCode.FrameTruncated, FrameHeader.TryRead(Written(header).AsSpan(0, length), out FrameHeader read));
        Assert.Equal(default, read);
    });

    [Fact]
    public void Another_version_is_unsupported() => Gen.Select(s_headers, Gen.Byte.Where(version => version != FrameHeader.Version)).Sample((header, version) =>
    {
        byte[] bytes = Written(header);
        bytes[0] = version;
        Assert.Equal(FailureCode.VersionUnsupported, FrameHeader.TryRead(bytes, out _));
    });

    [Fact]
    public void Every_type_that_doesnt_exist_is_unknown()
    {
        for (int type = 0; type < 256; type++)
        {
            byte[] bytes = Written(FrameHeader.Of(FrameType.Ping, 0));
            bytes[1] = (byte)type;
            FailureCode expected = Enum.IsDefined((FrameType)type) ? FailureCode.None : FailureCode.FrameUnknown;
            Assert.Equal(expected, FrameHeader.TryRead(bytes, out _));
        }
    }

    [Fact]
    public void A_body_longer_than_its_type_may_have_is_too_long() =>
        Gen.Select(Gen.Enum<FrameType>(), Gen.UInt).Sample((type, over) =>
        {
            uint limit = (uint)FrameLimits.MaxBodyBytes(type)!.Value;
            uint length = over <= limit ? limit + 1 + over : over;
            byte[] bytes = Written(FrameHeader.Of(type, 0));
            BitConverter.TryWriteBytes(bytes.AsSpan(4), length);
            Assert.Equal(FailureCode.FrameTooLong, FrameHeader.TryRead(bytes, out _));
        });

    [Fact]
    public void A_negative_stripe_is_outside_of_every_layout() => Gen.Select(s_headers, Gen.Int[int.MinValue, -1]).Sample((header, stripe) =>
        Assert.Equal(FailureCode.ChunkOutsideLayout, FrameHeader.TryRead(Written(header with { Stripe = stripe }), out _)));

    [Fact]
    public void Random_bytes_are_a_header_or_a_typed_refusal() => Gen.Byte.Array[0, 40].Sample(bytes =>
    {
        FailureCode found = FrameHeader.TryRead(bytes, out FrameHeader header);
        if (found == FailureCode.None) Assert.InRange(header.BodyBytes, 0, FrameLimits.MaxBodyBytes(header.Type)!.Value);
        else Assert.Contains(found, s_refusals);
    }, iter: 10_000);

    [Fact]
    public void One_changed_byte_is_a_header_or_a_typed_refusal() =>
        Gen.Select(s_headers, Gen.Int[0, FrameHeader.SizeBytes - 1], Gen.Byte).Sample((header, at, value) =>
        {
            byte[] bytes = Written(header);
            bytes[at] = value;
            FailureCode found = FrameHeader.TryRead(bytes, out FrameHeader read);
            if (found == FailureCode.None) Assert.InRange(read.BodyBytes, 0, FrameLimits.MaxBodyBytes(read.Type)!.Value);
            else Assert.Contains(found, s_refusals);
        });

    private static byte[] Written(FrameHeader header)
    {
        byte[] bytes = new byte[FrameHeader.SizeBytes];
        header.Write(bytes);
        return bytes;
    }
}
