using ChunkStream.Core.Scheduling;

namespace ChunkStream.Protocol.Frames;

/// <summary>The body of <see cref="FrameType.Priority"/>: one byte, 0 high, 1 normal, 2 low.</summary>
public static class PriorityBody
{
    public const int SizeBytes = 1;

    public static byte[] Write(Priority priority) => [(byte)priority];

    /// <summary>False where it isn't a level.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out Priority priority)
    {
        priority = source.Length == SizeBytes ? (Priority)source[0] : default;
        return source.Length == SizeBytes && source[0] < BandwidthShares.Levels;
    }
}
