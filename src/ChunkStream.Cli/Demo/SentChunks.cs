using ChunkStream.Core.Layout;

namespace ChunkStream.Cli.Demo;

/// <summary>Counts the chunks that are written to lanes, and those of them that were committed before.</summary>
internal sealed class SentChunks
{
    private ChunkSet? _committed;
    private long _count;
    private long _again;

    public long Count => Interlocked.Read(ref _count);

    public long SentAgain => Interlocked.Read(ref _again);

    /// <summary>From now on a chunk of this set is one too many.</summary>
    public void Expect(ChunkSet committed) => _committed = committed;

    public void Add(ChunkIndex index)
    {
        Interlocked.Increment(ref _count);
        if (_committed?.Contains(index) == true) Interlocked.Increment(ref _again);
    }
}
