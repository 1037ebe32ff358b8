using ChunkStream.Core.Integrity;
using ChunkStream.Sdk;

namespace ChunkStream.EndToEnd;

/// <summary>Files of every awkward size, there and back, over both kinds of lanes.</summary>
public sealed class RoundTripTests(ServiceFixture fixture) : IClassFixture<ServiceFixture>
{
    private const int ChunkBytes = 64 * 1024;
    private const int StripeBytes = 10 * ChunkBytes;

    public static TheoryData<TransportChoice, long> Sizes()
    {
        var cases = new TheoryData<TransportChoice, long>();
        foreach (TransportChoice kind in Lanes.Kinds)
            foreach (long size in (long[])[0, 1, ChunkBytes - 1, ChunkBytes, ChunkBytes + 1, StripeBytes - 1, StripeBytes, StripeBytes + 1, 7 * StripeBytes + 12_345])
                cases.Add(kind, size);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task A_file_comes_back_as_it_was_sent(TransportChoice transport, long sizeBytes)
    {
        using var folder = new TestFolder();
        string source = folder.File("source", sizeBytes, seed: (int)sizeBytes + 1);
        ChunkStreamClient client = fixture.Service.Client(transport);

        SendResult sent = await client.SendAsync(source, new() { ChunkBytes = ChunkBytes });
        ReceiveResult received = await client.ReceiveAsync(sent.FileId, folder["back"]);

        Files.AssertIdentical(source, folder["back"]);
        Assert.Equal(Blake3.Hash(await File.ReadAllBytesAsync(source)), sent.Blake3);
        Assert.Equal(sent.Blake3, received.Blake3);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(source)!, "*.part*"));
    }

    [Theory]
    [MemberData(nameof(Lanes.All), MemberType = typeof(Lanes))]
    public async Task Three_chunks_of_every_stripe_may_be_lost_in_both_directions(TransportChoice transport)
    {
        using var folder = new TestFolder();
        string source = folder.File("source", 9 * StripeBytes + 100_000);
        ChunkStreamClient client = fixture.Service.Client(transport);

        SendResult sent = await client.SendAsync(
            source, new() { ChunkBytes = ChunkBytes, LoseChunk = index => (index.Shard + index.Stripe * 3) % 13 < 3 });
        Assert.True(sent.ChunksLost > 20, $"{sent.ChunksLost} chunks were lost.");
        Assert.Equal(sent.ChunksLost, sent.ChunksRebuilt);

        foreach (string extension in (string[])["data", "hash"])
            foreach (string shard in Files.Shards(fixture.DataDirectory, sent.FileId, extension).Take(3)) File.Delete(shard);
        ReceiveResult received = await client.ReceiveAsync(sent.FileId, folder["back"]);

        Assert.True(received.ChunksRebuilt >= 27, $"{received.ChunksRebuilt} chunks were rebuilt.");
        Files.AssertIdentical(source, folder["back"]);
    }

    [Fact]
    public async Task A_flipped_bit_at_rest_is_found_and_rebuilt()
    {
        using var folder = new TestFolder();
        string source = folder.File("source", 3 * StripeBytes);
        ChunkStreamClient client = fixture.Service.Client();
        SendResult sent = await client.SendAsync(source, new() { ChunkBytes = ChunkBytes });
        string shard = Files.Shards(fixture.DataDirectory, sent.FileId, "data")[4];
        byte[] before = await File.ReadAllBytesAsync(shard);
        byte[] damaged = [.. before];
        damaged[ChunkBytes + 77] ^= 0x10;
        await File.WriteAllBytesAsync(shard, damaged);

        ReceiveResult received = await client.ReceiveAsync(sent.FileId, folder["back"]);

        Assert.Equal(1, received.ChunksRebuilt);
        Files.AssertIdentical(source, folder["back"]);
        await Wait.UntilAsync(async () => Same(before, await File.ReadAllBytesAsync(shard)), "the damaged chunk is rebuilt at rest");
    }

    [Fact]
    public async Task A_sparse_gibibyte_goes_through()
    {
        using var folder = new TestFolder();
        string source = folder["sparse"];
        await using (FileStream file = File.Create(source)) file.SetLength(1L << 30);
        ChunkStreamClient client = fixture.Service.Client();

        SendResult sent = await client.SendAsync(source);
        await client.ReceiveAsync(sent.FileId, folder["back"]);

        Files.AssertIdentical(source, folder["back"]);
        await client.Control.DeleteFileAsync(sent.FileId, default);
    }

    [Fact]
    public async Task Ranges_are_read_exactly()
    {
        using var folder = new TestFolder();
        string source = folder.File("source", 2 * StripeBytes + 5);
        byte[] bytes = await File.ReadAllBytesAsync(source);
        ChunkStreamClient client = fixture.Service.Client();
        SendResult sent = await client.SendAsync(source, new() { ChunkBytes = ChunkBytes });

        foreach (var (offset, length) in ((int Offset, int Length)[])[(0, 1), (ChunkBytes - 1, 2), (StripeBytes - 3, 7), (5, 2 * StripeBytes), (bytes.Length - 1, 1)])
        {
            using var range = new MemoryStream();
            await client.ReadAsync(sent.FileId, offset, length, range);
            Assert.True(bytes.AsSpan(offset, length).SequenceEqual(range.ToArray()), $"{length} bytes from {offset} on differ.");
        }
    }

    private static bool Same(byte[] left, byte[] right) => left.AsSpan().SequenceEqual(right);
}
