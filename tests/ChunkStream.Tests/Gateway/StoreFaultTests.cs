using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Protocol.Frames;
using ChunkStream.Storage;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Gateway;

/// <summary>A disk or a database that fails under a gateway: nothing is told that isn't so, and what was lost is sent again.</summary>
public sealed class StoreFaultTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>, IDisposable
{
    private static readonly ChunkIndex s_first = new(0, 0), s_second = new(0, 1);

    private readonly GatewayService _service = fixture.Service;

    public void Dispose() => _service.Heal();

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public Task A_write_that_fails_is_told_on_every_lane_and_begins_another_life(LaneKind kind) => AssertBeginsAgainAsync(
        kind, () => _service.Store.OnWrite = _ => new StoreException(FailureCode.StoreFailed, "The disk was told to fail."), FailureCode.StoreFailed);

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public Task A_disk_that_is_full_is_told_on_every_lane_and_begins_another_life(LaneKind kind) => AssertBeginsAgainAsync(
        kind, () => _service.Store.OnWrite = _ => new StoreException(FailureCode.StoreFull, "The disk was told to be full."), FailureCode.StoreFull);

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public Task A_flush_that_fails_is_told_on_every_lane_and_begins_another_life(LaneKind kind) => AssertBeginsAgainAsync(
        kind, () => _service.Store.OnFlush = () => new StoreException(FailureCode.StoreFailed, "The disk was told to fail."), FailureCode.StoreFailed);

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public Task A_database_that_fails_is_told_on_every_lane_and_begins_another_life(LaneKind kind) =>
        AssertBeginsAgainAsync(kind, () => _service.Storage.FailsBefore = state => state == "session", FailureCode.StoreFailed);

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_file_that_the_store_refuses_opens_no_lane(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        _service.Store.OnOpen = () => new StoreException(FailureCode.StoreFull, "The disk was told to be full.");
        await using (ClientLane lane = await _service.DialAsync(kind, transfer.Ticket)) Assert.Equal(FailureCode.StoreFull, (await lane.FailsAsync()).Code);
        _service.Heal();
        await using ClientLane again = await _service.DialAsync(kind, transfer.Ticket);
        await again.WelcomeAsync();
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Nothing_is_told_committed_while_its_flush_or_its_record_is_under_way(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        var flushed = new TaskCompletionSource();
        var recorded = new TaskCompletionSource();
        _service.Store.BeforeFlush = () => flushed.Task;
        int writesBefore = _service.Storage.WritesOf("session");
        _service.Storage.Holds = state => state == "session" ? recorded.Task : Task.CompletedTask;
        await using ClientLane lane = await _service.DialAsync(kind, transfer.Ticket);
        await lane.WelcomeAsync();
        await lane.SendAsync(transfer, s_first);
        Assert.Equal(FrameType.Accepted, (await lane.NextAsync()).Header.Type);
        // What is accepted and not flushed is told to nobody: an echo comes first.
        await AssertOnlyAnEchoComesAsync(lane);
        Assert.Equal(writesBefore, _service.Storage.WritesOf("session"));

        flushed.SetResult();
        await Soon.TrueAsync("the record to begin", () => _service.Storage.WritesOf("session") > writesBefore);
        await AssertOnlyAnEchoComesAsync(lane);

        recorded.SetResult();
        Assert.Equal(FrameType.Committed, (await lane.NextAsync()).Header.Type);
        Assert.Equal([s_first], await transfer.CommittedAsync());
    }

    private async Task AssertBeginsAgainAsync(LaneKind kind, Action fail, FailureCode expected)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane first = await _service.DialAsync(kind, transfer.Ticket), second = await _service.DialAsync(kind, transfer.Ticket);
        Guid life = await first.WelcomeAsync();
        Assert.Equal(life, await second.WelcomeAsync());
        await first.SendAsync(transfer, s_first);
        await first.UntilCommittedAsync(transfer, s_first);

        fail();
        await first.SendAsync(transfer, s_second);
        // The second lane was told of the first chunk before, and of nothing after it.
        Assert.Equal(expected, (await FailsAsync(first, transfer)).Code);
        Assert.Equal(expected, (await FailsAsync(second, transfer, s_first)).Code);
        Assert.Equal([s_first], await transfer.CommittedAsync());

        _service.Heal();
        await using ClientLane again = await _service.DialAsync(kind, transfer.Ticket);
        Assert.NotEqual(life, await again.WelcomeAsync());
        await again.SendAsync(transfer, s_second);
        await again.UntilCommittedAsync(transfer, s_first, s_second);
        Assert.Equal([s_first, s_second], await transfer.CommittedAsync());
        await _service.AssertUsableAsync(kind);
    }

    private static async Task<Failure> FailsAsync(ClientLane lane, GatewayTransfer transfer, params ChunkIndex[] mayBeCommitted)
    {
        while (true)
        {
            (FrameHeader header, byte[] body) = await lane.NextAsync();
            if (header.Type == FrameType.Fail) return new(header.Code, System.Text.Encoding.UTF8.GetString(body));
            if (header.Type != FrameType.Committed) continue;
            Assert.True(CommittedBody.TryRead(body, transfer.Layout, out ChunkSet told));
            Assert.Subset(mayBeCommitted.ToHashSet(), Core.Layout.Layouts.Members(told).ToHashSet());
        }
    }

    private static async Task AssertOnlyAnEchoComesAsync(ClientLane lane)
    {
        await lane.WriteAsync(FrameHeader.Of(FrameType.Ping, 0));
        Assert.Equal(FrameType.Pong, (await lane.NextAsync()).Header.Type);
    }
}
