using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Manifests;
using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Frames;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Storage;
using ChunkStream.Tests.Storage;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Gateway;

/// <summary>Lanes that receive from a real gateway, by clients that keep to the protocol and by others.</summary>
public sealed class ServingLaneTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>, IDisposable
{
    // Three stripes of 2 + 1; the last has one data chunk, which is short.
    private const long SizeBytes = 4L * FileLayout.MinChunkBytes + 100;

    private readonly GatewayService _service = fixture.Service;
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _service.Heal();
        _folder.Dispose();
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Answers_come_in_the_order_of_the_questions_and_fit_the_manifest(LaneKind kind)
    {
        (Opening opening, FileLayout layout, byte[] file) = await StoredAsync();
        await using ClientLane lane = await _service.DialAsync(kind, opening.Ticket);
        await lane.WelcomeAsync();
        Digest[][] digests = await ManifestAsync(lane, layout);
        ChunkIndex[] asked = [.. Core.Layout.Layouts.ChunksOf(layout).Reverse(), new(0, 0), new(0, 0)];
        foreach (ChunkIndex index in asked) await lane.WriteAsync(FrameHeader.About(FrameType.Fetch, index));

        foreach (ChunkIndex index in asked)
        {
            (FrameHeader header, byte[] body) = await lane.NextAsync();
            Assert.Equal(FrameHeader.About(FrameType.Chunk, index, Digest.SizeBytes + layout.LengthOf(index)), header);
            byte[] chunk = body[Digest.SizeBytes..];
            Assert.Equal(digests[index.Stripe][index.Shard], new Digest(body.AsSpan(0, Digest.SizeBytes)));
            Assert.Equal(digests[index.Stripe][index.Shard], ChunkHash.Of(layout, index, chunk));
            if (!layout.IsParity(index)) Assert.Equal(file.AsSpan((int)layout.OffsetOf(index), chunk.Length).ToArray(), chunk);
        }
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_chunk_that_is_bad_at_rest_is_missing_and_the_lane_goes_on(LaneKind kind)
    {
        (Opening opening, FileLayout layout, _) = await StoredAsync();
        string shard = Directory.GetFiles(_service.VolumePath, "shard-001.data", SearchOption.AllDirectories)
            .Single(path => path.Contains(opening.Transfer.FileId.ToString("N"), StringComparison.Ordinal));
        TestStore.FlipBit(shard, FileLayout.MinChunkBytes + 5);
        await using ClientLane lane = await _service.DialAsync(kind, opening.Ticket);
        await lane.WelcomeAsync();
        await lane.WriteAsync(FrameHeader.About(FrameType.Fetch, new(1, 1)));
        await lane.WriteAsync(FrameHeader.About(FrameType.Fetch, new(0, 1)));

        Assert.Equal(FrameHeader.About(FrameType.Missing, new(1, 1), code: FailureCode.ChunkUnreadable), (await lane.NextAsync()).Header);
        Assert.Equal(FrameHeader.About(FrameType.Chunk, new(0, 1), Digest.SizeBytes + FileLayout.MinChunkBytes), (await lane.NextAsync()).Header);
        // And is repaired behind the lane's back.
        FrameType answer = FrameType.Missing;
        for (int tries = 0; answer == FrameType.Missing; tries++)
        {
            Assert.True(tries < 2_000, "The chunk was not repaired.");
            await lane.WriteAsync(FrameHeader.About(FrameType.Fetch, new(1, 1)));
            answer = (await lane.NextAsync()).Header.Type;
            await Task.Delay(5);
        }
        Assert.Equal(FrameType.Chunk, answer);
        Assert.Equal(3, layout.StripeCount);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_disk_that_fails_ends_the_lane_with_its_code(LaneKind kind)
    {
        (Opening opening, _, _) = await StoredAsync();
        await using ClientLane lane = await _service.DialAsync(kind, opening.Ticket);
        await lane.WelcomeAsync();
        _service.Store.OnRead = _ => new StoreException(FailureCode.StoreFailed, "The disk was told to fail.");
        await lane.WriteAsync(FrameHeader.About(FrameType.Fetch, new(0, 0)));
        Assert.Equal(FailureCode.StoreFailed, (await lane.FailsAsync()).Code);
        _service.Heal();
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_question_outside_of_the_layout_ends_the_lane(LaneKind kind)
    {
        (Opening opening, _, _) = await StoredAsync();
        foreach (ChunkIndex index in (ChunkIndex[])[new(3, 0), new(2, 1), new(0, 3), new(int.MaxValue, 0)])
        {
            await using ClientLane lane = await _service.DialAsync(kind, opening.Ticket);
            await lane.WelcomeAsync();
            await lane.WriteAsync(FrameHeader.About(FrameType.Fetch, index));
            Assert.Equal(FailureCode.ChunkOutsideLayout, (await lane.FailsAsync()).Code);
        }
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_frame_that_has_no_place_on_a_receiving_lane_ends_it(LaneKind kind)
    {
        (Opening opening, _, _) = await StoredAsync();
        FrameType[] allowed = [FrameType.Fetch, FrameType.FetchManifest, FrameType.Ping, FrameType.Pace, FrameType.Fail];
        foreach (FrameType type in Enum.GetValues<FrameType>().Except(allowed))
        {
            await using ClientLane lane = await _service.DialAsync(kind, opening.Ticket);
            await lane.WelcomeAsync();
            await lane.WriteAsync(FrameHeader.Of(type, 0));
            Assert.Equal(FailureCode.FrameUnknown, (await lane.FailsAsync()).Code);
        }
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_lane_that_asks_for_nothing_is_ended(LaneKind kind)
    {
        (Opening opening, _, _) = await StoredAsync();
        await using ClientLane lane = await _service.DialAsync(kind, opening.Ticket);
        await lane.WelcomeAsync();
        await Soon.TrueAsync("the lane to be timed", () => _service.Time.Armed(GatewayService.LaneTimeout) == 1);
        _service.Time.Fire(GatewayService.LaneTimeout);
        Assert.Equal(FailureCode.TimedOut, (await lane.FailsAsync()).Code);
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_client_that_asks_and_never_reads_is_ended(LaneKind kind)
    {
        (Opening opening, _, _) = await StoredAsync();
        await using ClientLane deaf = await _service.DialAsync(kind, opening.Ticket);
        await deaf.WelcomeAsync();
        byte[] fetch = new byte[FrameHeader.SizeBytes];
        FrameHeader.About(FrameType.Fetch, new(0, 0)).Write(fetch);
        await deaf.WriteAsync(Enumerable.Repeat(fetch, 3_000).SelectMany(bytes => bytes).ToArray());
        await _service.AssertUsableAsync(kind);
        // 3,000 answers are 187 MiB: more than lies between.
        int started;
        do
        {
            started = _service.Time.Started(GatewayService.LaneTimeout);
            await Task.Delay(300);
        }
        while (started != _service.Time.Started(GatewayService.LaneTimeout));
        Assert.Equal(1, _service.Time.Fire(GatewayService.LaneTimeout));
        await deaf.EndsAsync();
        await _service.AssertUsableAsync(kind);
    }

    private async Task<(Opening Opening, FileLayout Layout, byte[] File)> StoredAsync()
    {
        byte[] file = new byte[SizeBytes];
        new Random(7).NextBytes(file);
        string path = _folder.Sub("file.bin");
        await File.WriteAllBytesAsync(path, file);
        SendResult sent = await Soon.DoneAsync("the file to be sent", _service.Client(TransportChoice.Tls).SendAsync(
            path, new() { ChunkBytes = FileLayout.MinChunkBytes, DataShards = 2, ParityShards = 1 }));
        return (await _service.Control.OpenFileAsync(sent.FileId, default), new(SizeBytes, FileLayout.MinChunkBytes, 2, 1), file);
    }

    private static async Task<Digest[][]> ManifestAsync(ClientLane lane, FileLayout layout)
    {
        await lane.WriteAsync(FrameHeader.Of(FrameType.FetchManifest, 0));
        var manifest = new MemoryStream();
        while (true)
        {
            (FrameHeader header, byte[] body) = await lane.NextAsync();
            Assert.Equal(FrameType.Manifest, header.Type);
            if (body.Length == 0) break;
            manifest.Write(body);
        }
        manifest.Position = 0;
        var reader = new ManifestReader(manifest);
        Assert.True(await reader.ReadHeaderAsync(default));
        Assert.Equal(layout, reader.Header.Layout);
        List<Digest[]> stripes = [];
        for (var stripe = new Digest[layout.ShardCount]; await reader.ReadStripeAsync(stripe, default); stripe = new Digest[layout.ShardCount]) stripes.Add(stripe);
        Assert.Null(reader.Fault);
        return [.. stripes];
    }
}
