using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Frames;
using Xunit;

namespace ChunkStream.Tests.Protocol;

/// <summary>docs/protocol.md is what clients in other languages are written from: it must say what the code does.</summary>
public sealed class ProtocolDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "protocol.md"));

    private static readonly (string Type, string Hex)[] Parsed = [.. Document.Split("```vectors")[1].Split("```")[0]
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(parts => (parts[0], parts[1]))];

    public static TheoryData<string, string> Vectors()
    {
        var vectors = new TheoryData<string, string>();
        foreach (var (type, hex) in Parsed) vectors.Add(type, hex);
        return vectors;
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void A_vector_reads_and_writes_as_the_codec_says(string type, string hex)
    {
        byte[] frame = Convert.FromHexString(hex);

        Assert.Equal(FailureCode.None, FrameHeader.TryRead(frame, out FrameHeader header));
        Assert.Equal(Enum.Parse<FrameType>(type), header.Type);
        Assert.Equal(frame.Length - FrameHeader.SizeBytes, header.BodyBytes);
        byte[] written = new byte[FrameHeader.SizeBytes];
        header.Write(written);
        Assert.Equal(frame[..FrameHeader.SizeBytes], written);
    }

    [Fact]
    public void Every_frame_type_has_a_vector() =>
        Assert.Equal(Enum.GetNames<FrameType>().Order(), Parsed.Select(vector => vector.Type).Order());

    [Fact]
    public void The_chunk_vector_has_the_chunks_hash()
    {
        byte[] frame = Convert.FromHexString(Parsed.Single(vector => vector.Type == nameof(FrameType.Chunk)).Hex);
        var layout = new FileLayout(1, FileLayout.MinChunkBytes, 10, 3);

        Assert.Equal(ChunkHash.Of(layout, new(0, 0), "a"u8), new Digest(frame.AsSpan(FrameHeader.SizeBytes, Digest.SizeBytes)));
    }

    [Fact]
    public void Every_failure_code_is_listed_with_its_number() =>
        Assert.All(
            Enum.GetValues<FailureCode>().Where(code => code != FailureCode.None),
            code => Assert.Contains($"| {(ushort)code} | `{code.ToName()}` |", Document, StringComparison.Ordinal));
}
