using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Storage;
using ChunkStream.Tests.Storage;
using ChunkStream.Transport.Lanes;
using CsCheck;
using Xunit;

namespace ChunkStream.Tests.Gateway;

/// <summary>Verifying a stored file: what has changed on the disk is told by its place, and is good again afterwards.</summary>
public sealed class FileScrubberTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>, IDisposable
{
    private const int Chunk = FileLayout.MinChunkBytes;

    private readonly GatewayService _service = fixture.Service;
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _service.Heal();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_bad_chunk_is_told_by_its_place_and_what_differs_and_is_rebuilt()
    {
        Guid id = await StoreAsync(6 * Chunk + 100, dataShards: 3, parityShards: 2);
        string folder = FolderOf(id);
        TestStore.FlipBit(Path.Combine(folder, "shard-001.data"), Chunk + 5); // Stripe 1.
        TestStore.FlipBit(Path.Combine(folder, "shard-004.hash"), 3); // Stripe 0, parity: the hash beside it.
        File.Delete(Path.Combine(folder, "shard-000.data")); // All three stripes.

        VerifyReport report = await VerifyAsync(id);
        Assert.Equal((13, 5, 5, 0, 0), (report.CheckedChunks, report.BadChunks, report.RebuiltChunks, report.LostStripes, report.LostBytes));
        Assert.True(report.IsReadable);
        Assert.Equal(
            ["0/0/0/0 missing 65536/0", "0/4// keptHashWrong 65536/65536", "1/0/3/196608 missing 65536/0", "1/1/4/262144 hashWrong 65536/65536", "2/0/6/393216 missing 100/0"],
            report.Bad!.Select(chunk => $"{chunk.Stripe}/{chunk.Shard}/{chunk.Index}/{chunk.OffsetBytes} {chunk.Finding} {chunk.ExpectedBytes}/{chunk.FoundBytes}"));
        Assert.All(report.Bad!, chunk => Assert.NotNull(chunk.ExpectedHash));
        DifferingChunk differs = report.Bad!.Single(chunk => chunk.Finding == "hashWrong");
        Assert.NotEqual(differs.ExpectedHash, differs.FoundHash!.Value);

        await AssertGoodAsync(id);
        IntegrityCheck[] checks = [.. await _service.Control.ListChecksAsync(id, default)];
        Assert.Equal([0L, 5L], checks.Select(check => check.BadChunks));
        StoredFile file = await _service.Control.GetFileAsync(id, default);
        Assert.All(checks, check => Assert.Equal((true, file.Blake3, file.Blake3), (check.Passed, check.ExpectedHash, check.FoundHash!.Value)));
        Assert.True(checks[0].CheckedAt >= checks[1].CheckedAt && checks[1].CheckedAt >= file.CreatedAt);
    }

    [Fact]
    public async Task Any_single_flipped_bit_at_rest_is_found_and_repaired()
    {
        Guid id = await StoreAsync(4 * Chunk + 1, dataShards: 2, parityShards: 1);
        string[] files = [.. Directory.GetFiles(FolderOf(id)).Where(path => !path.EndsWith(".json", StringComparison.Ordinal)).Order()];
        Assert.Equal(7, files.Length); // Three shards, their hashes, the manifest.
        await Gen.Select(Gen.Int[0, files.Length - 1], Gen.Double.Unit, Gen.Int[0, 7]).SampleAsync(
            async (number, place, bit) =>
            {
                string path = files[number];
                byte[] sound = await File.ReadAllBytesAsync(path);
                byte[] changed = [.. sound];
                changed[(int)(place * changed.Length)] ^= (byte)(1 << bit);
                await File.WriteAllBytesAsync(path, changed);

                VerifyReport report = await VerifyAsync(id);
                bool isManifest = Path.GetFileName(path) == "manifest";
                Assert.Equal(isManifest ? (0, 0, "rewritten") : (1, 1, "good"), (report.BadChunks, report.RebuiltChunks, report.Manifest));
                Assert.Equal(sound, await File.ReadAllBytesAsync(path));
            },
            iter: 60, threads: 1);
        await AssertGoodAsync(id);
    }

    [Fact]
    public async Task A_lost_stripe_is_told_with_the_bytes_that_are_lost_and_recorded_as_failed()
    {
        Guid id = await StoreAsync(4 * Chunk + 100, dataShards: 2, parityShards: 1);
        File.Delete(Path.Combine(FolderOf(id), "shard-000.data"));
        TestStore.FlipBit(Path.Combine(FolderOf(id), "shard-002.data"), Chunk);

        VerifyReport report = await VerifyAsync(id);
        Assert.Equal((8, 4, 2, 1, Chunk), (report.CheckedChunks, report.BadChunks, report.RebuiltChunks, report.LostStripes, report.LostBytes));
        Assert.False(report.IsReadable);
        Assert.Equal("lost", (await _service.Control.GetFileAsync(id, default)).Health);
        IntegrityCheck check = Assert.Single(await _service.Control.ListChecksAsync(id, default));
        Assert.Equal((false, 4L * Chunk + 100, 3L * Chunk + 100), (check.Passed, check.ExpectedBytes, check.FoundBytes));
        Assert.Null(check.FoundHash);
    }

    [Fact]
    public async Task A_manifest_that_is_gone_is_made_again_of_the_hashes_beside_the_chunks()
    {
        Guid id = await StoreAsync(4 * Chunk, dataShards: 2, parityShards: 1);
        string manifest = Path.Combine(FolderOf(id), "manifest");
        byte[] sound = await File.ReadAllBytesAsync(manifest);
        File.Delete(manifest);
        TestStore.FlipBit(Path.Combine(FolderOf(id), "shard-000.hash"), 40); // The chunk is rebuilt first, and its hash with it.
        VerifyReport report = await VerifyAsync(id);
        Assert.Equal(("rewritten", 1, 1), (report.Manifest, report.BadChunks, report.RebuiltChunks));
        Assert.Equal(sound, await File.ReadAllBytesAsync(manifest));
        await AssertGoodAsync(id);

        // Without a manifest, and with hashes that don't make it, nobody can read the file; what there is of it is left alone.
        byte[] changed = [.. sound];
        changed[100] ^= 1;
        await File.WriteAllBytesAsync(manifest, changed);
        File.Delete(Path.Combine(FolderOf(id), "shard-000.data"));
        File.Delete(Path.Combine(FolderOf(id), "shard-001.data"));
        report = await VerifyAsync(id);
        Assert.Equal(("lost", false), (report.Manifest, report.IsReadable));
        Assert.Contains("digest", report.ManifestProblem, StringComparison.Ordinal);
        Assert.Equal(changed, await File.ReadAllBytesAsync(manifest));
        Assert.Equal("lost", (await _service.Control.GetFileAsync(id, default)).Health);
    }

    [Fact]
    public async Task The_first_hundred_bad_chunks_are_described_and_the_others_counted()
    {
        Guid id = await StoreAsync(240 * Chunk, dataShards: 2, parityShards: 1);
        File.Delete(Path.Combine(FolderOf(id), "shard-001.data"));
        VerifyReport report = await VerifyAsync(id);
        Assert.Equal((120, 100, 20), (report.BadChunks, report.Bad!.Count, report.MoreBadChunks));
        Assert.All(report.Bad!, chunk => Assert.Equal((1, "missing"), (chunk.Shard, chunk.Finding)));
        Assert.Equal(report.Bad!.OrderBy(chunk => chunk.Stripe), report.Bad!);
    }

    [Fact]
    public async Task Where_nothing_can_be_written_the_file_is_degraded_and_the_report_is_whole()
    {
        Guid id = await StoreAsync(4 * Chunk, dataShards: 2, parityShards: 1);
        TestStore.FlipBit(Path.Combine(FolderOf(id), "shard-001.data"), Chunk + 5);
        _service.Store.OnWrite = _ => new StoreException(FailureCode.StoreFull, "The disk is full.");
        VerifyReport report = await VerifyAsync(id);
        Assert.Equal((6, 1, 0, true), (report.CheckedChunks, report.BadChunks, report.RebuiltChunks, report.IsReadable));
        Assert.Equal((1, 1), (report.Bad!.Single().Stripe, report.Bad!.Single().Shard));
        Assert.Equal("degraded", (await _service.Control.GetFileAsync(id, default)).Health);
        _service.Heal();
        Assert.Equal(1, (await VerifyAsync(id)).RebuiltChunks);
        await AssertGoodAsync(id);
    }

    [Fact]
    public async Task Parity_that_its_sender_made_wrongly_makes_no_wrong_chunk()
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using (ClientLane lane = await _service.DialAsync(LaneKind.Tls, transfer.Ticket))
        {
            await lane.WelcomeAsync();
            foreach (ChunkIndex index in transfer.Chunks) await lane.SendAsync(transfer, index);
            await lane.UntilCommittedAsync(transfer, transfer.Chunks);
        }
        await _service.Control.CompleteAsync(transfer.Id, transfer.ContentHash, default);
        Guid id = transfer.Opening.Transfer.FileId;
        await Grains.Eventually.GetAsync("the file to be stored", () => _service.Control.GetTransferAsync(transfer.Id, default), found => found.HasEnded);
        await AssertGoodAsync(id);

        string shard = Path.Combine(FolderOf(id), "shard-000.data");
        TestStore.FlipBit(shard, 5);
        byte[] damaged = await File.ReadAllBytesAsync(shard);
        VerifyReport report = await VerifyAsync(id);
        Assert.Equal((1, 0, 1, Chunk), (report.BadChunks, report.RebuiltChunks, report.LostStripes, report.LostBytes));
        Assert.Equal(damaged, await File.ReadAllBytesAsync(shard));
    }

    private string FolderOf(Guid id) => Directory.GetDirectories(_service.VolumePath, id.ToString("N"), SearchOption.AllDirectories).Single();

    private Task<VerifyReport> VerifyAsync(Guid id) => Soon.DoneAsync("the verification", _service.Control.VerifyFileAsync(id, default));

    private async Task AssertGoodAsync(Guid id)
    {
        VerifyReport report = await VerifyAsync(id);
        Assert.Equal((0, 0, "good", true), (report.BadChunks, report.RebuiltChunks, report.Manifest, report.IsReadable));
        Assert.Null(report.Bad);
        Assert.Equal("healthy", (await _service.Control.GetFileAsync(id, default)).Health);
    }

    private async Task<Guid> StoreAsync(long sizeBytes, int dataShards, int parityShards)
    {
        byte[] file = new byte[sizeBytes];
        new Random(7).NextBytes(file);
        string path = _folder.Sub("file.bin");
        await File.WriteAllBytesAsync(path, file);
        SendResult sent = await Soon.DoneAsync("the file to be sent", _service.Client(TransportChoice.Tls).SendAsync(
            path, new() { ChunkBytes = Chunk, DataShards = dataShards, ParityShards = parityShards }));
        return sent.FileId;
    }
}
