using System.Buffers.Binary;
using ChunkStream.Core.Layout;

namespace ChunkStream.Protocol.Frames;

/// <summary>
/// The body of <see cref="FrameType.Committed"/>: intervals of 12 bytes, each a shard (4), its first stripe (4) and the stripe after
/// its last (4). A set that doesn't fit into one frame goes in several.
/// </summary>
public static class CommittedBody
{
    public const int IntervalBytes = 12;

    /// <summary>The bodies that tell a set.</summary>
    public static IEnumerable<byte[]> Write(ChunkSet chunks)
    {
        var intervals = new List<(int Shard, int Start, int End)>();
        for (int shard = 0; shard < chunks.ShardCount; shard++)
            foreach (var (start, end) in chunks[shard].Intervals()) intervals.Add((shard, start, end));

        foreach (var group in intervals.Chunk(FrameLimits.MaxCommittedBytes / IntervalBytes))
        {
            byte[] body = new byte[group.Length * IntervalBytes];
            for (int i = 0; i < group.Length; i++)
            {
                Span<byte> interval = body.AsSpan(i * IntervalBytes, IntervalBytes);
                BinaryPrimitives.WriteInt32LittleEndian(interval, group[i].Shard);
                BinaryPrimitives.WriteInt32LittleEndian(interval[4..], group[i].Start);
                BinaryPrimitives.WriteInt32LittleEndian(interval[8..], group[i].End);
            }
            yield return body;
        }
    }

    /// <summary>Reads a body into a set of the file's; false where an interval is outside of the layout.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, FileLayout layout, out ChunkSet chunks)
    {
        chunks = new(layout.ShardCount);
        if (body.Length % IntervalBytes != 0) return false;
        for (; !body.IsEmpty; body = body[IntervalBytes..])
        {
            int shard = BinaryPrimitives.ReadInt32LittleEndian(body);
            int start = BinaryPrimitives.ReadInt32LittleEndian(body[4..]);
            int end = BinaryPrimitives.ReadInt32LittleEndian(body[8..]);
            if ((uint)shard >= (uint)layout.ShardCount || start < 0 || end <= start || end > layout.ChunksInShard(shard)) return false;
            chunks[shard].Add(start, end);
        }
        return true;
    }
}
