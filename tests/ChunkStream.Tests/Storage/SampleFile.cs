using System.Collections.Concurrent;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Storage;
using Xunit;

namespace ChunkStream.Tests.Storage;

/// <summary>
/// A file's chunks, made from a seed when they are first asked for. The parity isn't real parity: a store doesn't look.
/// </summary>
internal sealed class SampleFile(FileLayout layout, int seed = 1)
{
    private readonly ConcurrentDictionary<ChunkIndex, (byte[] Bytes, Digest Hash)> _chunks = new();

    public Guid Id { get; } = Guid.CreateVersion7();

    public FileLayout Layout => layout;

    public IEnumerable<ChunkIndex> Chunks =>
        from stripe in Enumerable.Range(0, layout.StripeCount)
        from shard in Enumerable.Range(0, layout.ShardCount)
        let index = new ChunkIndex(stripe, shard)
        where layout.Contains(index)
        select index;

    /// <summary>The shards over the volumes, in turn.</summary>
    public string[] Over(params string[] volumeIds) =>
        [.. Enumerable.Range(0, layout.ShardCount).Select(shard => volumeIds[shard % volumeIds.Length])];

    public byte[] Bytes(ChunkIndex index) => Chunk(index).Bytes;

    public Digest Hash(ChunkIndex index) => Chunk(index).Hash;

    public async Task WriteAsync(IShardFiles files, params IEnumerable<ChunkIndex> indices)
    {
        foreach (ChunkIndex index in indices) await files.WriteAsync(index, Hash(index), Bytes(index), default);
    }

    public async Task WriteAndFlushAllAsync(IShardFiles files)
    {
        await WriteAsync(files, Chunks);
        await files.FlushAsync(default);
    }

    /// <summary>What a read of the chunk finds; where it is good its bytes are compared.</summary>
    public async Task<ChunkCondition> ReadAsync(IShardFiles files, ChunkIndex index)
    {
        byte[] buffer = new byte[layout.LengthOf(index)];
        ChunkRead read = await files.ReadAsync(index, buffer, default);
        Assert.Equal(read.IsGood ? Hash(index) : default, read.Hash);
        if (read.IsGood) Assert.Equal(Bytes(index), buffer);
        return read.Condition;
    }

    /// <summary>The chunks that a read finds in this condition.</summary>
    public async Task<List<ChunkIndex>> ReadAllAsync(IShardFiles files, ChunkCondition condition)
    {
        List<ChunkIndex> found = [];
        foreach (ChunkIndex index in Chunks)
            if (await ReadAsync(files, index) == condition) found.Add(index);
        return found;
    }

    private (byte[] Bytes, Digest Hash) Chunk(ChunkIndex index) => _chunks.GetOrAdd(index, _ =>
    {
        byte[] bytes = new byte[layout.LengthOf(index)];
        new Random(unchecked(seed * 31 + index.Stripe * FileLayout.MaxShards + index.Shard)).NextBytes(bytes);
        return (bytes, ChunkHash.Of(layout, index, bytes));
    });
}
