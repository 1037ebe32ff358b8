using System.Net;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Tests.Gateway;
using ChunkStream.Tests.Storage;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Links;

/// <summary>Whole transfers over links that lose, delay and die.</summary>
public sealed class LinkTransferTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const int DataShards = 4, ParityShards = 2;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly LinkConditions Hole = new() { IsHole = true };

    private readonly GatewayService _service = fixture.Service;

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_file_crosses_a_lossy_link_both_ways(LaneKind kind)
    {
        await using ImpairedLink link = await LinkAsync();
        link.Both = new() { Delay = TimeSpan.FromMilliseconds(5), Jitter = TimeSpan.FromMilliseconds(2), Loss = 0.02, Reordering = 0.01 };
        using var folder = new TemporaryFolder();
        string source = Source(folder, 4);
        ChunkStreamClient client = Client(kind == LaneKind.Quic ? TransportChoice.Quic : TransportChoice.Tls, link);
        SendResult sent = await client.SendAsync(source, Options()).WaitAsync(Limit);
        await client.ReceiveAsync(sent.FileId, folder.Sub("back")).WaitAsync(Limit);
        byte[] expected = await File.ReadAllBytesAsync(source), actual = await File.ReadAllBytesAsync(folder.Sub("back"));
        Assert.True(expected.AsSpan().SequenceEqual(actual));
    }

    [QuicFact]
    public async Task A_connection_whose_handshakes_last_packet_is_lost_carries_all_the_same()
    {
        await using ImpairedLink link = await LinkAsync();
        link.Udp = new() { Delay = TimeSpan.FromMilliseconds(5), RateMbit = 40, LosesSecond = true };
        using var folder = new TemporaryFolder();
        ChunkStreamClient client = Client(TransportChoice.Quic, link);
        SendResult sent = await client.SendAsync(Source(folder, 4), Options()).WaitAsync(Limit);
        Assert.Equal(1, Assert.Single(sent.Paths).Connections);
        ReceiveResult received = await client.ReceiveAsync(sent.FileId, folder.Sub("back")).WaitAsync(Limit);
        Assert.Equal(1, Assert.Single(received.Paths).Connections);
    }

    [QuicFact]
    public async Task Where_UDP_goes_nowhere_a_file_goes_over_TLS()
    {
        await using ImpairedLink link = await LinkAsync();
        link.Udp = Hole;
        using var folder = new TemporaryFolder();
        SendResult sent = await Client(TransportChoice.Auto, link).SendAsync(Source(folder, 2), Options()).WaitAsync(Limit);
        Assert.All(sent.Paths, path => Assert.Equal("tls", path.Transport));
        Assert.Equal(0, sent.ChunksResent);
    }

    [QuicFact]
    public async Task Where_UDP_dies_midway_the_same_session_goes_on_over_TLS_and_nothing_committed_is_sent_twice()
    {
        await using ImpairedLink link = await LinkAsync();
        link.Both = new() { RateMbit = 40 };
        using var folder = new TemporaryFolder();
        var log = new SentLog();
        SendResult sent = await SendAsync(log, Client(TransportChoice.Auto, link), Source(folder, 8), () => link.Udp = Hole);
        Assert.Contains(sent.Paths, path => path is { Transport: "quic", Chunks: > 0 });
        Assert.Contains(sent.Paths, path => path is { Transport: "tls", Chunks: > 0 });
        Assert.Empty(log.SentThoughCommitted());
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Where_one_of_two_paths_dies_the_other_completes_and_no_chunk_of_a_complete_stripe_is_sent_again(LaneKind kind)
    {
        await using ImpairedLink dying = await LinkAsync(), living = await LinkAsync();
        dying.Both = living.Both = new() { RateMbit = 20 };
        using var folder = new TemporaryFolder();
        var log = new SentLog();
        ChunkStreamClient client = Client(kind == LaneKind.Quic ? TransportChoice.Quic : TransportChoice.Tls, dying, living);
        SendResult sent = await SendAsync(log, client, Source(folder, 8), () => dying.Both = Hole);
        // Whether the one that died had delivered any by then is up to the machine.
        Assert.Contains(sent.Paths, path => path.Chunks > 0);
        Assert.Empty(log.SentAgainThoughComplete(DataShards));
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Where_the_only_path_dies_for_good_the_call_gives_up(LaneKind kind)
    {
        await using ImpairedLink link = await LinkAsync();
        link.Both = new() { RateMbit = 20 };
        using var folder = new TemporaryFolder();
        var control = new LinkedControl(_service.Control, gateway => gateway with { Endpoints = [link.EndPoint.ToString()] });
        var client = new ChunkStreamClient(control, new()
        {
            Transport = kind == LaneKind.Quic ? TransportChoice.Quic : TransportChoice.Tls,
            ReconnectFor = TimeSpan.FromSeconds(2),
            // The connection had stood for longer than this when it died.
            // The link's own end of a TCP connection goes on to answer probes of its full window, as a network that is dead doesn't.
            Timing = new() { UpFor = TimeSpan.FromSeconds(0.3), AnswerWithin = TimeSpan.FromSeconds(6) },
        });
        int sent = 0;
        Task<SendResult> sending = client.SendAsync(Source(folder, 8), Options(_ => Interlocked.Increment(ref sent)));
        await Soon.TrueAsync("a third of the chunks", () => Volatile.Read(ref sent) > 60 || sending.IsCompleted);
        link.Both = Hole;
        ChunkStreamException exception = await Assert.ThrowsAsync<ChunkStreamException>(() => sending).WaitAsync(Limit);
        Assert.Equal(FailureCode.Unreachable, exception.Code);
    }

    [Theory, InlineData(LaneKind.Tls, ParityMode.Full), InlineData(LaneKind.Tls, ParityMode.Adaptive), QuicInlineData(LaneKind.Quic, ParityMode.Full), QuicInlineData(LaneKind.Quic, ParityMode.Adaptive)]
    public async Task A_path_two_hundred_times_slower_holds_nothing_up(LaneKind kind, ParityMode parity)
    {
        await using ImpairedLink slow = await LinkAsync(), fast = await LinkAsync();
        slow.Both = new() { RateMbit = 0.1 };
        fast.Both = new() { RateMbit = 20 };
        using var folder = new TemporaryFolder();
        ChunkStreamClient client = Client(kind == LaneKind.Quic ? TransportChoice.Quic : TransportChoice.Tls, slow, fast);
        // What goes to the slow path on trust would take it longer than the limit.
        SendResult sent = await client.SendAsync(Source(folder, 8), Options(parity: parity)).WaitAsync(Limit);
        Assert.Equal(sent.Blake3, Blake3.Hash(await File.ReadAllBytesAsync(folder.Sub("source"))));
        Assert.True(sent.Paths.Sum(path => path.HedgedChunks + path.CancelledChunks) > 0, string.Join(" ", sent.Paths));
    }

    // Sends, and lets the accident happen when a third of the chunks have been sent and some are committed: a chunk is sent long before it arrives.
    private async Task<SendResult> SendAsync(SentLog log, ChunkStreamClient client, string source, Action accident)
    {
        int chunks = (int)(new FileInfo(source).Length / FileLayout.MinChunkBytes) * (DataShards + ParityShards) / DataShards;
        int happened = 0;
        SendOptions options = Options(index =>
        {
            log.Sent(index);
            if (log.Count > chunks / 3 && log.HasCommitted && Interlocked.Exchange(ref happened, 1) == 0) accident();
        });
        Task<SendResult> sending = client.SendAsync(source, options);
        Guid? sessionId = null;
        await Soon.TrueAsync("the first chunk", () => log.Count > 0 || sending.IsCompleted);
        var page = await client.Control.ListTransfersAsync(new() { Limit = 1 }, default);
        sessionId = page.Items[0].SessionId;
        await log.WatchAsync(_service, () => sessionId, sending).WaitAsync(Limit);
        return await sending;
    }

    private static SendOptions Options(Action<ChunkIndex>? sent = null, ParityMode parity = ParityMode.Full) => new()
    {
        Parity = parity,
        ChunkBytes = FileLayout.MinChunkBytes,
        DataShards = DataShards,
        ParityShards = ParityShards,
        ChunkSent = sent,
    };

    private ChunkStreamClient Client(TransportChoice transport, params ImpairedLink[] links) =>
        new(new LinkedControl(_service.Control, gateway => gateway with { Endpoints = [.. links.Select(link => link.EndPoint.ToString())] }), new() { Transport = transport });

    private async Task<ImpairedLink> LinkAsync() =>
        new(IPEndPoint.Parse((await _service.Control.ListGatewaysAsync(default)).Single().Address.Endpoints[0]));

    private static string Source(TemporaryFolder folder, int mebibytes)
    {
        byte[] bytes = new byte[mebibytes * 1024 * 1024];
        new Random(mebibytes).NextBytes(bytes);
        File.WriteAllBytes(folder.Sub("source"), bytes);
        return folder.Sub("source");
    }
}
