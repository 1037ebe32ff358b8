using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Layout;

namespace ChunkStream.Tests.Core.Integrity.Manifests;

/// <summary>Manifests of made-up files: the chunks' values are random, and the content hash fits them.</summary>
internal static class Manifest
{
    public static readonly Guid FileId = Guid.Parse("0192a4f0-1234-7abc-8def-0123456789ab");

    public static Digest[][] RandomStripes(FileLayout layout, int seed = 1)
    {
        var random = new Random(seed);
        Digest[][] stripes = new Digest[layout.StripeCount][];
        byte[] bytes = new byte[Digest.SizeBytes];
        for (int stripe = 0; stripe < layout.StripeCount; stripe++)
        {
            stripes[stripe] = new Digest[layout.ShardCount];
            foreach (int shard in layout.ShardsOf(stripe))
            {
                random.NextBytes(bytes);
                stripes[stripe][shard] = new Digest(bytes);
            }
        }
        return stripes;
    }

    public static Digest ContentHash(FileLayout layout, Digest[][] stripes)
    {
        var merger = new SubtreeMerger(layout.SizeBytes, layout.ChunkBytes);
        for (long chunk = 0; chunk < layout.DataChunkCount; chunk++)
            merger.Add(chunk, stripes[chunk / layout.DataShards][chunk % layout.DataShards]);
        return merger.Root();
    }

    public static async Task<(byte[] Bytes, Digest Digest)> WriteAsync(FileLayout layout, Digest[][] stripes, Digest? contentHash = null)
    {
        using var stream = new MemoryStream();
        var writer = new ManifestWriter(stream, new ManifestHeader(FileId, layout, contentHash ?? ContentHash(layout, stripes)));
        foreach (Digest[] stripe in stripes) await writer.WriteStripeAsync(stripe);
        Digest digest = await writer.CompleteAsync();
        return (stream.ToArray(), digest);
    }

    /// <summary>Reads to the end or to the first fault.</summary>
    public static async Task<(ManifestReader Reader, List<Digest[]> Stripes)> ReadAsync(Stream stream)
    {
        var reader = new ManifestReader(stream);
        List<Digest[]> stripes = [];
        if (!await reader.ReadHeaderAsync()) return (reader, stripes);
        Digest[] digests = new Digest[reader.Header.Layout.ShardCount];
        while (await reader.ReadStripeAsync(digests)) stripes.Add([.. digests]);
        return (reader, stripes);
    }

    public static Task<(ManifestReader Reader, List<Digest[]> Stripes)> ReadAsync(byte[] bytes) => ReadAsync(new MemoryStream(bytes));
}
