using ChunkStream.Core.Layout;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Paths;
using ChunkStream.Tests.Links;
using Xunit;

namespace ChunkStream.Tests.Sdk.Paths;

/// <summary>A long path's connection gets a successor while chunks cross, and none of them is lost with it.</summary>
public sealed class RenewalTests(PathsService service) : IClassFixture<PathsService>
{
    private static readonly PathTiming Hasty = new() { RenewAfter = TimeSpan.FromMilliseconds(300) };
    private static readonly LinkConditions Long = new() { Delay = TimeSpan.FromMilliseconds(10), RateMbit = 32 };

    [QuicFact]
    public async Task Lanes_move_to_a_new_connection_and_nothing_is_sent_again()
    {
        service.Renew();
        await using var link = new ImpairedLink(service.GatewayEndPoint) { Both = Long };
        SendResult sent = await SendAsync(link, Hasty);
        PathSummary path = Assert.Single(sent.Paths);
        Assert.True(path.Connections >= 3, $"{path.Connections} connections were made.");
        // Of the last ones the commit may be told over one connection before the answer comes over the other.
        Assert.Equal((126, 126, 0), (path.Chunks + path.CancelledChunks, sent.ChunksSent, sent.ChunksResent));
    }

    [Theory, QuicInlineData(false), QuicInlineData(true)]
    public async Task What_is_received_moves_too(bool losesSecond)
    {
        service.Renew();
        await using var link = new ImpairedLink(service.GatewayEndPoint);
        SendResult sent = await SendAsync(link, new());
        link.Both = Long with { LosesSecond = losesSecond };
        string output = service.Source + ".back";
        ChunkStreamClient client = service.Client(new RoutedControl(service.Gateway.Control, link.EndPoint.ToString()), TransportChoice.Quic, timing: Hasty);
        ReceiveResult received = await Soon.DoneAsync("the receive", client.ReceiveAsync(sent.FileId, output, new() { Overwrite = true }));
        PathSummary path = Assert.Single(received.Paths);
        Assert.True(path.Connections >= (losesSecond ? 2 : 3), $"{path.Connections} connections were made.");
        Assert.Equal(0, path.ResentChunks);
        Assert.Equal(await File.ReadAllBytesAsync(service.Source), await File.ReadAllBytesAsync(output));
    }

    private Task<SendResult> SendAsync(ImpairedLink link, PathTiming timing)
    {
        ChunkStreamClient client = service.Client(new RoutedControl(service.Gateway.Control, link.EndPoint.ToString()), TransportChoice.Quic, timing: timing);
        return Soon.DoneAsync("the send", client.SendAsync(service.Source, new() { ChunkBytes = FileLayout.MinChunkBytes }));
    }
}
