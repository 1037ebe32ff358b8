using ChunkStream.Abstractions.Tickets;
using ChunkStream.Core.Failures;
using ChunkStream.Protocol.Frames;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Gateway;

/// <summary>What may stand at the start of a lane, and what may not: told with a code, and nobody else's trouble.</summary>
public sealed class HandshakeTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly GatewayService _service = fixture.Service;

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_lane_that_doesnt_start_with_Hello_is_refused(LaneKind kind)
    {
        foreach (FrameType type in Enum.GetValues<FrameType>().Where(type => type is not (FrameType.Hello or FrameType.Ping)))
        {
            await using ClientLane lane = await _service.DialAsync(kind);
            await lane.WriteAsync(FrameHeader.Of(type, 0));
            Assert.Equal(FailureCode.FrameUnknown, (await lane.FailsAsync()).Code);
        }
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_ping_is_answered_before_Hello_and_after(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane lane = await _service.DialAsync(kind);
        await lane.WriteAsync(FrameHeader.Of(FrameType.Ping, 8), 1, 2, 3, 4, 5, 6, 7, 8);
        (FrameHeader header, byte[] body) = await lane.NextAsync();
        Assert.Equal((FrameType.Pong, "0102030405060708"), (header.Type, Convert.ToHexString(body)));

        await lane.HelloAsync(transfer.Ticket);
        await lane.WriteAsync(FrameHeader.Of(FrameType.Ping, 8), 8, 7, 6, 5, 4, 3, 2, 1);
        await lane.WelcomeAsync();
        (header, body) = await lane.NextAsync();
        Assert.Equal((FrameType.Pong, "0807060504030201"), (header.Type, Convert.ToHexString(body)));
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_ticket_that_isnt_one_is_refused(LaneKind kind)
    {
        string ticket = (await _service.OpenAsync()).Ticket;
        string[] bad =
        [
            "", "x", "a.b.c", new('x', FrameLimits.MaxTicketBytes), ticket[..^1], ticket + "x", ticket.ToUpperInvariant(), "\0\0\0",
            // Unsigned, as some would have it: {"alg":"none"}.
            "eyJhbGciOiJub25lIn0." + ticket.Split('.')[1] + ".",
        ];
        foreach (string text in bad) await AssertRefusedAsync(kind, text, FailureCode.TicketInvalid);
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_ticket_of_another_service_is_refused(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        var other = new TicketAuthority([.. _service.TicketKey.Reverse()], TimeProvider.System);
        await AssertRefusedAsync(kind, Issued(other, transfer.Id, transfer.Opening.Transfer.FileId), FailureCode.TicketInvalid);
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task An_expired_ticket_is_refused_and_says_so(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        var late = new TicketAuthority(_service.TicketKey, new PastTime(TicketAuthority.Lifetime + TimeSpan.FromSeconds(1)));
        Failure failure = await AssertRefusedAsync(kind, Issued(late, transfer.Id, transfer.Opening.Transfer.FileId), FailureCode.TicketExpired);
        Assert.Contains("ask for a new one", failure.Message, StringComparison.Ordinal);
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_ticket_for_another_file_is_refused(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync(), other = await _service.OpenAsync();
        string mixed = Issued(_service.Tickets, transfer.Id, other.Opening.Transfer.FileId);
        await AssertRefusedAsync(kind, mixed, FailureCode.TicketInvalid);
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_ticket_of_a_transfer_or_a_file_that_isnt_there_is_refused(LaneKind kind)
    {
        await AssertRefusedAsync(kind, Issued(_service.Tickets, Guid.NewGuid(), Guid.NewGuid()), FailureCode.NotFound);
        await AssertRefusedAsync(kind, _service.Tickets.Issue(Guid.NewGuid(), Guid.NewGuid(), TicketScope.Receive).Ticket, FailureCode.NotFound);
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_transfer_that_has_ended_takes_no_lanes(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await _service.Control.CancelAsync(transfer.Id, default);
        await AssertRefusedAsync(kind, transfer.Ticket, FailureCode.TransferNotOpen);
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task What_isnt_a_frame_is_refused_by_its_header(LaneKind kind)
    {
        await AssertRefusedAsync(kind, Header(type: FrameType.Hello, bodyBytes: FrameLimits.MaxTicketBytes + 1), FailureCode.FrameTooLong);
        await AssertRefusedAsync(kind, Header(type: FrameType.Hello, bodyBytes: uint.MaxValue), FailureCode.FrameTooLong);
        await AssertRefusedAsync(kind, Header(type: FrameType.Hello, version: 2), FailureCode.VersionUnsupported);
        await AssertRefusedAsync(kind, Header(type: FrameType.Hello, version: 0), FailureCode.VersionUnsupported);
        await AssertRefusedAsync(kind, Header(type: (FrameType)0), FailureCode.FrameUnknown);
        await AssertRefusedAsync(kind, Header(type: (FrameType)200), FailureCode.FrameUnknown);
        await AssertRefusedAsync(kind, "GET / HTTP/1.1\r\nHost: gateway\r\n\r\n"u8.ToArray(), FailureCode.VersionUnsupported);
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_lane_that_ends_within_its_Hello_is_truncated(LaneKind kind)
    {
        byte[] hello = [.. Header(FrameType.Hello, 100), .. new byte[50]];
        foreach (int length in (int[])[1, 15, 16, 66])
        {
            await using ClientLane lane = await _service.DialAsync(kind);
            await lane.WriteAsync(hello.AsMemory(0, length));
            await lane.Lane.CloseAsync(default);
            Assert.Equal(FailureCode.FrameTruncated, (await lane.FailsAsync()).Code);
        }
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task Random_bytes_are_refused(LaneKind kind)
    {
        for (int seed = 0; seed < 15; seed++)
        {
            byte[] bytes = new byte[1 + new Random(seed).Next(3_000)];
            new Random(seed).NextBytes(bytes);
            // Half of them look like a frame at first.
            if (seed % 2 == 0) bytes[0] = FrameHeader.Version;
            await using ClientLane lane = await _service.DialAsync(kind);
            await lane.WriteAsync(bytes);
            await lane.Lane.CloseAsync(default);
            FailureCode code = (await lane.FailsAsync()).Code;
            Assert.True(
                code is FailureCode.VersionUnsupported or FailureCode.FrameUnknown or FailureCode.FrameTooLong or FailureCode.FrameTruncated
                    or FailureCode.ChunkOutsideLayout or FailureCode.TicketInvalid,
                $"Seed {seed}: {code}.");
        }
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_lane_that_says_nothing_is_ended(LaneKind kind)
    {
        await using ClientLane lane = await _service.DialAsync(kind);
        // Over QUIC nobody knows of a lane before its first byte.
        if (kind == LaneKind.Quic) await lane.WriteAsync(new byte[] { FrameHeader.Version });
        await Soon.TrueAsync("the handshake to be timed", () => _service.Time.Armed(GatewayService.HandshakeTimeout) == 1);
        _service.Time.Fire(GatewayService.HandshakeTimeout);
        Assert.Equal(FailureCode.HandshakeTimeout, (await lane.FailsAsync()).Code);
        await _service.AssertUsableAsync(kind);
    }

    [Theory, InlineData(LaneKind.Tls), QuicInlineData(LaneKind.Quic)]
    public async Task A_Hello_that_comes_byte_by_byte_gets_no_more_time(LaneKind kind)
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane lane = await _service.DialAsync(kind);
        int started = _service.Time.Started(GatewayService.HandshakeTimeout);
        foreach (byte part in Header(FrameType.Hello, (uint)transfer.Ticket.Length)) await lane.WriteAsync(new[] { part });
        await Soon.TrueAsync("the handshake to be timed", () => _service.Time.Armed(GatewayService.HandshakeTimeout) == 1);
        Assert.InRange(_service.Time.Started(GatewayService.HandshakeTimeout) - started, 0, 1);
        _service.Time.Fire(GatewayService.HandshakeTimeout);
        Assert.Equal(FailureCode.HandshakeTimeout, (await lane.FailsAsync()).Code);
        await _service.AssertUsableAsync(kind);
    }

    private async Task<Failure> AssertRefusedAsync(LaneKind kind, string ticket, FailureCode expected)
    {
        await using ClientLane lane = await _service.DialAsync(kind, ticket);
        Failure failure = await lane.FailsAsync();
        Assert.Equal(expected, failure.Code);
        return failure;
    }

    private async Task AssertRefusedAsync(LaneKind kind, byte[] bytes, FailureCode expected)
    {
        await using ClientLane lane = await _service.DialAsync(kind);
        await lane.WriteAsync(bytes);
        Assert.Equal(expected, (await lane.FailsAsync()).Code);
    }

    private static string Issued(TicketAuthority authority, Guid transferId, Guid fileId) => authority.Issue(transferId, fileId, TicketScope.Send).Ticket;

    private static byte[] Header(FrameType type, uint bodyBytes = 0, byte version = FrameHeader.Version)
    {
        byte[] bytes = new byte[FrameHeader.SizeBytes];
        bytes[0] = version;
        bytes[1] = (byte)type;
        BitConverter.TryWriteBytes(bytes.AsSpan(4), bodyBytes);
        return bytes;
    }
}
