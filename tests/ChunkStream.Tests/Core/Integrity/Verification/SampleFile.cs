using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;

namespace ChunkStream.Tests.Core.Integrity.Verification;

/// <summary>A file of random bytes, its chunks' hashes and its manifest. Parity is random too: nothing here looks into it.</summary>
internal sealed class SampleFile
{
    public SampleFile(long sizeBytes, int dataShards = 4, int parityShards = 2, int seed = 1)
    {
        Layout = new FileLayout(sizeBytes, FileLayout.MinChunkBytes, dataShards, parityShards);
        Bytes = new byte[sizeBytes];
        var random = new Random(seed);
        random.NextBytes(Bytes);
        Digests = new Digest[Layout.StripeCount][];
        for (int stripe = 0; stripe < Layout.StripeCount; stripe++)
        {
            Digests[stripe] = new Digest[Layout.ShardCount];
            foreach (int shard in Layout.ShardsOf(stripe))
            {
                var index = new ChunkIndex(stripe, shard);
                if (Layout.IsParity(index))
                {
                    Parity[index] = new byte[Layout.LengthOf(index)];
                    random.NextBytes(Parity[index]);
                }
                Digests[stripe][shard] = ChunkHash.Of(Layout, index, Chunk(index).Span);
            }
        }
    }

    public FileLayout Layout { get; }
    public byte[] Bytes { get; }
    public Digest[][] Digests { get; }
    public Digest ContentHash => Blake3.Hash(Bytes);
    private Dictionary<ChunkIndex, byte[]> Parity { get; } = [];

    public Memory<byte> Chunk(ChunkIndex index) => Layout.IsParity(index)
        ? Parity[index]
        : Bytes.AsMemory((int)Layout.OffsetOf(index), Layout.LengthOf(index));

    public ChunkToVerify[] Chunks() =>
    [
        .. from stripe in Enumerable.Range(0, Layout.StripeCount)
           from shard in (IEnumerable<int>)Layout.ShardsOf(stripe)
           let index = new ChunkIndex(stripe, shard)
           select new ChunkToVerify(index, Chunk(index), Digests[stripe][shard]),
    ];

    public async Task<byte[]> ManifestAsync()
    {
        using var stream = new MemoryStream();
        var writer = new ManifestWriter(stream, new ManifestHeader(Manifests.Manifest.FileId, Layout, ContentHash));
        foreach (Digest[] stripe in Digests) await writer.WriteStripeAsync(stripe);
        await writer.CompleteAsync();
        return stream.ToArray();
    }
}
