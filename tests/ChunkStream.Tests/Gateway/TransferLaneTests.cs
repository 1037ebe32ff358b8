using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using ChunkStream.Gateway.Handshake;
using ChunkStream.Protocol.Frames;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Tests.Storage;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Gateway;

/// <summary>What a transfer learns from its lanes, and lanes from their transfer, at a real gateway over real grains.</summary>
public sealed class TransferLaneTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private static readonly ChunkIndex s_chunk = new(0, 0);

    private readonly GatewayService _service = fixture.Service;

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_transfer_whose_last_lane_is_lost_stops_and_its_next_lane_is_welcome(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane first = await _service.DialAsync(kind, transfer.Ticket);
        await first.WelcomeAsync();
        await first.SendAsync(transfer, s_chunk);
        await first.UntilCommittedAsync(transfer, s_chunk);
        await using (ClientLane second = await _service.DialAsync(kind, transfer.Ticket))
        {
            await second.WelcomeAsync();
            await Soon.TrueAsync("both lanes to be timed", () => _service.Time.Armed(GatewayService.LaneTimeout) == 2);
        }
        // One lane of two: nothing has failed. When it isn't timed any more it may not have left yet, and it would be the last that leaves.
        await Soon.TrueAsync("one lane to be left", () => _service.Get<LaneServer>().OpenLanes == 1);
        Assert.Equal(TransferState.Transferring, (await _service.Control.GetTransferAsync(transfer.Id, default)).State);

        _service.Time.Fire(GatewayService.LaneTimeout);
        Transfer lost = await StateAsync(transfer, TransferState.Paused);
        Assert.Equal("timed-out", lost.FailureCode);
        Assert.Null(Assert.Single(lost.Failures!).RecoveredAt);

        await using ClientLane next = await _service.DialAsync(kind, transfer.Ticket);
        await next.WelcomeAsync();
        Transfer back = await _service.Control.GetTransferAsync(transfer.Id, default);
        Assert.Equal((TransferState.Transferring, null), (back.State, back.FailureCode));
        Assert.NotNull(Assert.Single(back.Failures!).RecoveredAt);
        await next.SendAsync(transfer, new(0, 1));
        await next.UntilCommittedAsync(transfer, new ChunkIndex(0, 1));
    }

    [Fact]
    public async Task A_connection_that_breaks_within_a_frame_is_a_loss()
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using (ClientLane lane = await _service.DialAsync(LaneKind.Tls, transfer.Ticket))
        {
            await lane.WelcomeAsync();
            byte[] start = new byte[FrameHeader.SizeBytes + 100];
            FrameHeader.About(FrameType.Chunk, s_chunk, 32 + transfer.Bytes(s_chunk).Length).Write(start);
            await lane.WriteAsync(start);
        }
        await StateAsync(transfer, TransferState.Paused);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_client_that_ends_its_lanes_is_no_network_that_failed_until_it_stays_away(LaneKind kind)
    {
        // Other tests' clients that went away.
        _service.Time.Fire(GatewayService.ClientGoneAfter);
        GatewayTransfer transfer = await _service.OpenAsync();
        await EndLaneAsync(kind, transfer);
        await Soon.TrueAsync("the client to be waited for", () => _service.Time.Armed(GatewayService.ClientGoneAfter) == 1);
        Assert.Equal(TransferState.Transferring, (await _service.Control.GetTransferAsync(transfer.Id, default)).State);

        // Back in time: the wait for the first lane is nobody's any more.
        await EndLaneAsync(kind, transfer);
        await Soon.TrueAsync("the client to be waited for again", () => _service.Time.Armed(GatewayService.ClientGoneAfter) == 2);
        await using (ClientLane lane = await _service.DialAsync(kind, transfer.Ticket))
        {
            await lane.WelcomeAsync();
            _service.Time.Fire(GatewayService.ClientGoneAfter);
            await lane.SendAsync(transfer, s_chunk);
            await lane.UntilCommittedAsync(transfer, s_chunk);
            Assert.Equal(TransferState.Transferring, (await _service.Control.GetTransferAsync(transfer.Id, default)).State);
            await lane.Lane.CloseAsync(default);
            await lane.EndsAsync();
        }
        await Soon.TrueAsync("the client to be waited for once more", () => _service.Time.Armed(GatewayService.ClientGoneAfter) == 1);
        _service.Time.Fire(GatewayService.ClientGoneAfter);
        Assert.Equal("timed-out", (await StateAsync(transfer, TransferState.Paused)).FailureCode);

        await using ClientLane back = await _service.DialAsync(kind, transfer.Ticket);
        await back.WelcomeAsync();
        Assert.Equal(TransferState.Transferring, (await _service.Control.GetTransferAsync(transfer.Id, default)).State);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_pause_ends_the_lanes_before_it_answers_and_nothing_is_committed_after_it(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane lane = await _service.DialAsync(kind, transfer.Ticket);
        await lane.WelcomeAsync();
        await lane.SendAsync(transfer, s_chunk);
        await lane.UntilCommittedAsync(transfer, s_chunk);

        await _service.Control.PauseAsync(transfer.Id, default);
        await lane.SendAsync(transfer, new(1, 0));
        Assert.Equal(FailureCode.Paused, (await lane.FailsAsync()).Code);
        Assert.Equal([s_chunk], await transfer.CommittedAsync());
        await using (ClientLane refused = await _service.DialAsync(kind, transfer.Ticket))
            Assert.Equal(FailureCode.Paused, (await refused.FailsAsync()).Code);

        // Another client, the same file: it goes on where that was.
        await _service.Control.ResumeAsync(transfer.Id, default);
        Opening again = await _service.Control.OpenTransferAsync(transfer.Id, default);
        Assert.Equal([0, 1], again.Committed[0]);
        await using ClientLane other = await _service.DialAsync(kind, again.Ticket);
        await other.WelcomeAsync();
        await other.SendAsync(transfer, new(1, 0));
        await other.UntilCommittedAsync(transfer, new ChunkIndex(1, 0));
        Assert.Equal([s_chunk, new(1, 0)], await transfer.CommittedAsync());
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_receiver_is_paused_and_cancelled_like_a_sender(LaneKind kind)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Sub("file.bin");
        await File.WriteAllBytesAsync(path, new byte[100_000]);
        SendResult sent = await Soon.DoneAsync("the file to be sent", _service.Client(TransportChoice.Tls).SendAsync(path));
        Opening opening = await _service.Control.CreateTransferAsync(new() { Direction = TransferDirection.Receive, FileId = sent.FileId }, default);
        Guid id = opening.Transfer.Id;
        await using ClientLane lane = await _service.DialAsync(kind, opening.Ticket);
        await lane.WelcomeAsync();

        await _service.Control.PauseAsync(id, default);
        Assert.Equal(FailureCode.Paused, (await lane.FailsAsync()).Code);
        await using (ClientLane refused = await _service.DialAsync(kind, opening.Ticket))
            Assert.Equal(FailureCode.Paused, (await refused.FailsAsync()).Code);

        await _service.Control.ResumeAsync(id, default);
        await using ClientLane resumed = await _service.DialAsync(kind, opening.Ticket);
        await resumed.WelcomeAsync();
        await _service.Control.CancelAsync(id, default);
        Assert.Equal(FailureCode.Cancelled, (await resumed.FailsAsync()).Code);
        // The file is somebody else's business: it stays.
        Assert.Equal(sent.FileId, (await _service.Control.GetFileAsync(sent.FileId, default)).Id);
    }

    [Fact]
    public async Task A_cancel_leaves_no_byte_on_the_volumes()
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane lane = await _service.DialAsync(LaneKind.Tls, transfer.Ticket);
        await lane.WelcomeAsync();
        await lane.SendAsync(transfer, s_chunk);
        await lane.UntilCommittedAsync(transfer, s_chunk);
        Assert.NotEmpty(OnVolumes(transfer));

        await _service.Control.CancelAsync(transfer.Id, default);
        Assert.Equal(FailureCode.Cancelled, (await lane.FailsAsync()).Code);
        await Soon.TrueAsync("the file's folders to be gone", () => OnVolumes(transfer).Length == 0);
    }

    private async Task EndLaneAsync(LaneKind kind, GatewayTransfer transfer)
    {
        await using ClientLane lane = await _service.DialAsync(kind, transfer.Ticket);
        await lane.WelcomeAsync();
        await lane.Lane.CloseAsync(default);
        await lane.EndsAsync();
    }

    private string[] OnVolumes(GatewayTransfer transfer) =>
        [.. Directory.EnumerateFiles(_service.VolumePath, "*", SearchOption.AllDirectories)
            .Where(path => path.Contains(transfer.Opening.Transfer.FileId.ToString("N"), StringComparison.Ordinal))];

    private Task<Transfer> StateAsync(GatewayTransfer transfer, TransferState state) => Grains.Eventually.GetAsync(
        $"the transfer to be {state}", () => _service.Control.GetTransferAsync(transfer.Id, default), found => found.State == state);
}
