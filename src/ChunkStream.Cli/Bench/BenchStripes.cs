using ChunkStream.Core.Erasure;
using ChunkStream.Core.Layout;

namespace ChunkStream.Cli.Bench;

/// <summary>Stripes of 10+3 chunks, with the product's and ISA-L's way to code them. Each action takes a stripe's number.</summary>
internal sealed unsafe class BenchStripes : IDisposable
{
    private const int DataShards = 10;
    private const int ParityShards = 3;

    private static readonly ShardSet s_lost = ShardSet.Empty.With(0).With(4).With(9);
    private static readonly ShardSet s_present = ShardSet.FirstShards(DataShards + ParityShards).Without(s_lost);

    private readonly int _chunkBytes;
    private readonly ReedSolomon _code = ReedSolomon.Create(DataShards, ParityShards);
    private readonly NativeChunk[][] _chunks;
    private readonly Memory<byte>[][] _shards;
    private readonly ReadOnlyMemory<byte>[][] _data;
    private readonly Memory<byte>[][] _parity;

    /// <param name="chunkBytes">A chunk's length.</param>
    /// <param name="workingSetBytes">As many stripes are made as fit, but one at least.</param>
    public BenchStripes(int chunkBytes, long workingSetBytes)
    {
        _chunkBytes = chunkBytes;
        Count = (int)Math.Max(1, workingSetBytes / ((DataShards + ParityShards) * (long)chunkBytes));
        _chunks = [.. Enumerable.Range(0, Count).Select(_ => NewStripe(chunkBytes))];
        _shards = [.. _chunks.Select(chunks => chunks.Select(chunk => chunk.Memory).ToArray())];
        _data = [.. _shards.Select(shards => shards.Take(DataShards).Select(chunk => (ReadOnlyMemory<byte>)chunk).ToArray())];
        _parity = [.. _shards.Select(shards => shards.Skip(DataShards).ToArray())];
        for (int stripe = 0; stripe < Count; stripe++) Encode(stripe);
    }

    public int Count { get; }

    public long DataBytes => (long)DataShards * _chunkBytes;

    public void Encode(int stripe) => _code.Encode(_data[stripe], _parity[stripe]);

    public Action<int> PrepareEncode(ErasureKernel kernel)
    {
        var code = new ReedSolomon(DataShards, ParityShards, kernel);
        return stripe => code.Encode(_data[stripe], _parity[stripe]);
    }

    public void Rebuild(int stripe)
    {
        ErasureOutcome outcome = _code.Reconstruct(_shards[stripe], s_present, s_lost, _chunkBytes);
        if (!outcome.IsOk) throw new InvalidOperationException(outcome.Message);
    }

    public Action<int> PreparePeerEncode(IsaL peer) =>
        PreparePeer(peer, peer.MakeTables(DataShards, ParityShards), ShardSet.FirstShards(DataShards), ShardSet.Range(DataShards, DataShards + ParityShards));

    public Action<int> PreparePeerRebuild(IsaL peer) => PreparePeer(
        peer, peer.MakeTables(DataShards, s_lost.Count, CauchyCode.Solve(DataShards, s_present, s_lost)), s_present, s_lost);

    public void Dispose()
    {
        foreach (NativeChunk[] chunks in _chunks)
        {
            foreach (IDisposable chunk in chunks) chunk.Dispose();
        }
    }

    private Action<int> PreparePeer(IsaL peer, byte[] tables, ShardSet sources, ShardSet outputs)
    {
        nint[][] sourceStarts = [.. _chunks.Select(chunks => sources.Select(shard => (nint)chunks[shard].Start).ToArray())];
        nint[][] outputStarts = [.. _chunks.Select(chunks => outputs.Select(shard => (nint)chunks[shard].Start).ToArray())];
        return stripe =>
        {
            fixed (byte* table = tables)
            fixed (nint* source = sourceStarts[stripe], output = outputStarts[stripe])
                peer.Encode(_chunkBytes, DataShards, outputs.Count, table, (byte**)source, (byte**)output);
        };
    }

    private static NativeChunk[] NewStripe(int chunkBytes) =>
        [.. Enumerable.Range(0, DataShards + ParityShards).Select(_ => new NativeChunk(chunkBytes))];
}
