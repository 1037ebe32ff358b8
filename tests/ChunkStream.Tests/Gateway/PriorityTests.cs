using ChunkStream.Protocol.Frames;
using ChunkStream.Sdk.Control;
using ChunkStream.Transport.Lanes;
using Xunit;

namespace ChunkStream.Tests.Gateway;

/// <summary>Lanes hear their transfer's priority when they open and when it changes.</summary>
public sealed class PriorityTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private readonly GatewayService _service = fixture.Service;

    [Fact]
    public async Task Sending_lanes_hear_the_priority_when_they_open_and_when_it_changes()
    {
        GatewayTransfer transfer = await _service.OpenAsync();
        await using ClientLane first = await _service.DialAsync(LaneKind.Tls, transfer.Ticket);
        await first.WelcomeAsync();
        Assert.Equal(1, await PriorityAsync(first));

        await _service.Control.SetPriorityAsync(transfer.Opening.Transfer.Id, TransferPriority.High, default);
        Assert.Equal(0, await PriorityAsync(first));
        await using ClientLane second = await _service.DialAsync(LaneKind.Tls, transfer.Ticket);
        await second.WelcomeAsync();
        Assert.Equal(0, await PriorityAsync(second));

        await _service.Control.SetPriorityAsync(transfer.Opening.Transfer.Id, TransferPriority.Low, default);
        Assert.Equal(2, await PriorityAsync(first));
        Assert.Equal(2, await PriorityAsync(second));
    }

    private static async Task<byte> PriorityAsync(ClientLane lane)
    {
        while (true)
        {
            (FrameHeader header, byte[] body) = await lane.NextOfAnyTypeAsync();
            if (header.Type == FrameType.Priority) return body.Single();
        }
    }
}
