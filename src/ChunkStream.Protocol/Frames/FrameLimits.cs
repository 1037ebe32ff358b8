using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;

namespace ChunkStream.Protocol.Frames;

/// <summary>How long a body of each type may be. What is longer is refused by its header.</summary>
public static class FrameLimits
{
    public const int MaxTicketBytes = 4 * 1024;
    public const int MaxMessageBytes = 1024;
    public const int MaxManifestPieceBytes = 64 * 1024;

    /// <summary>Intervals of 12 bytes: 5,461 of them.</summary>
    public const int MaxCommittedBytes = 64 * 1024 / CommittedBody.IntervalBytes * CommittedBody.IntervalBytes;

    /// <summary>The longest body, or null for a type that doesn't exist.</summary>
    public static int? MaxBodyBytes(FrameType type) => type switch
    {
        FrameType.Hello => MaxTicketBytes,
        FrameType.Welcome => WelcomeBody.SizeBytes,
        FrameType.Fail or FrameType.Refused => MaxMessageBytes,
        FrameType.Chunk => Digest.SizeBytes + FileLayout.MaxChunkBytes,
        FrameType.Committed => MaxCommittedBytes,
        FrameType.Manifest => MaxManifestPieceBytes,
        FrameType.Priority => PriorityBody.SizeBytes,
        FrameType.Ping or FrameType.Pong or FrameType.Pace => 8,
        FrameType.Accepted or FrameType.Fetch or FrameType.Missing or FrameType.FetchManifest or FrameType.Flush => 0,
        _ => null,
    };
}
