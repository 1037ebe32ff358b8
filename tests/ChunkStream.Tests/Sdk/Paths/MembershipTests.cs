using System.Net;
using ChunkStream.Core.Layout;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Paths;
using Xunit;

namespace ChunkStream.Tests.Sdk.Paths;

/// <summary>Local addresses that come and go: all of 127/8 is this machine.</summary>
public sealed class MembershipTests(PathsService service) : IClassFixture<PathsService>
{
    public static TheoryData<TransportChoice> Kinds =>
        ChunkStream.Transport.Paths.PathDialer.IsQuicSupported ? [TransportChoice.Tls, TransportChoice.Quic] : [TransportChoice.Tls];

    [Theory, MemberData(nameof(Kinds))]
    public async Task Each_address_is_a_path_and_one_that_leads_nowhere_costs_nothing(TransportChoice transport)
    {
        service.Renew();
        // Loopback may be done with everything over one path before the other stands: each lane holds its chunk until there are more than one path's.
        int lanes = transport == TransportChoice.Quic ? PathsService.QuicLanes : PathsService.TlsLanes, holding = 0;
        using var both = new ManualResetEventSlim();
        // Nobody has the third address here: it can't be bound.
        SendResult sent = await SendAsync(transport, new FakeAddresses("127.0.0.2", "127.0.0.3", "192.0.2.77"), new(), (_, _) =>
        {
            if (Interlocked.Increment(ref holding) > lanes) both.Set();
            Assert.True(both.Wait(TimeSpan.FromSeconds(20)), "Waited 20 s for a chunk on a second path.");
        });
        Assert.Equal(["127.0.0.2", "127.0.0.3"], Locals(sent).Order());
        Assert.All(sent.Paths, path => Assert.True(path.Connections > 0));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_new_address_joins_whether_the_system_tells_of_it_or_not(bool tells)
    {
        service.Renew();
        var addresses = new FakeAddresses("127.0.0.2") { Tells = tells };
        int sent = 0;
        SendResult result = await SendAsync(TransportChoice.Tls, addresses, new() { AddressesEvery = TimeSpan.FromMilliseconds(tells ? 60_000 : 100) }, (number, control) =>
        {
            if (number == 30) addresses.Become("127.0.0.2", "127.0.0.3");
            if (number >= 40 && Volatile.Read(ref sent) == 0) WaitFor(control, "127.0.0.3", ref sent);
        });
        Assert.Equal(["127.0.0.2", "127.0.0.3"], Locals(result).Order());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_path_whose_address_vanishes_leaves_and_its_chunks_go_elsewhere(TransportChoice transport)
    {
        service.Renew();
        var addresses = new FakeAddresses("127.0.0.2", "127.0.0.3");
        SendResult result = await SendAsync(transport, addresses, new(), (number, _) =>
        {
            if (number == 40) addresses.Become("127.0.0.3");
        });
        Assert.Contains("127.0.0.3", Locals(result));
        // Every chunk was written once at least; one whose answer was lost with its path may need no second time.
        Assert.InRange(result.ChunksSent, 126, 126 + result.ChunksResent);
    }

    [Fact]
    public async Task Preferred_paths_carry_and_metered_ones_stand_by()
    {
        service.Renew();
        var control = new RoutedControl(service.Gateway.Control);
        var client = new ChunkStreamClient(control, new()
        {
            Transport = TransportChoice.Tls,
            Addresses = new FakeAddresses("127.0.0.2", "127.0.0.3"),
            MeteredAddresses = [IPAddress.Parse("127.0.0.2")],
        });
        SendResult sent = await Soon.DoneAsync("the send", client.SendAsync(service.Source, new() { ChunkBytes = FileLayout.MinChunkBytes }));
        // The metered path may have been up first, and then it was all there was.
        PathSummary metered = sent.Paths.Single(path => path.Key.StartsWith("127.0.0.2>", StringComparison.Ordinal));
        PathSummary other = sent.Paths.Single(path => path.Key.StartsWith("127.0.0.3>", StringComparison.Ordinal));
        Assert.True(other.Chunks > metered.Chunks, $"{metered.Chunks} chunks went over the metered path, {other.Chunks} over the other.");
    }

    private static void WaitFor(RoutedControl control, string address, ref int done)
    {
        Assert.True(
            SpinWait.SpinUntil(() => control.Reports.Any(report => report.Key.StartsWith(address, StringComparison.Ordinal)), TimeSpan.FromSeconds(30)),
            $"Waited 30 s for a report of the path from {address}.");
        Volatile.Write(ref done, 1);
    }

    private async Task<SendResult> SendAsync(TransportChoice transport, FakeAddresses addresses, PathTiming timing, Action<int, RoutedControl>? sent)
    {
        int number = 0;
        var control = new RoutedControl(service.Gateway.Control);
        ChunkStreamClient client = service.Client(control, transport, addresses, timing with { PingEvery = TimeSpan.FromMilliseconds(100) });
        return await Soon.DoneAsync("the send", client.SendAsync(
            service.Source, new() { ChunkBytes = FileLayout.MinChunkBytes, ChunkSent = _ => sent?.Invoke(Interlocked.Increment(ref number), control) }));
    }

    private static IEnumerable<string> Locals(SendResult sent) => sent.Paths.Where(path => path.Chunks > 0).Select(path => path.Key.Split('>')[0]);
}
