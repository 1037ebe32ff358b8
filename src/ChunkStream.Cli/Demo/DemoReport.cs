using ChunkStream.Core.Integrity;

namespace ChunkStream.Cli.Demo;

/// <summary>What the demonstration found; the document of <c>demo --json</c>.</summary>
internal sealed record DemoReport
{
    public required Guid FileId { get; init; }
    public required long Bytes { get; init; }
    public required Digest Blake3 { get; init; }

    /// <summary><c>quic</c>, <c>tls</c>, both with a plus, or <c>none</c> where an empty file needed no lane.</summary>
    public required string Transport { get; init; }

    /// <summary>How many paths were up while sending.</summary>
    public required int Paths { get; init; }

    /// <summary>The file's bytes by the time that both halves of the sending took.</summary>
    public required double SendMiBps { get; init; }

    public required double ReceiveMiBps { get; init; }

    /// <summary>Chunks that were written to lanes, before and after the interruption.</summary>
    public required long ChunksSent { get; init; }

    /// <summary>Chunks that were thrown away on purpose and never sent.</summary>
    public required long ChunksLost { get; init; }

    /// <summary>Chunks rebuilt from the others of their stripes: at completion, and again when reading after shards were deleted.</summary>
    public required long ChunksRebuilt { get; init; }

    public required long ChunksCommittedBeforeInterrupt { get; init; }

    /// <summary>Chunks that were sent though the session had them as committed: must be 0.</summary>
    public required long ChunksSentAgainAfterCommit { get; init; }

    public required bool Identical { get; init; }
}
