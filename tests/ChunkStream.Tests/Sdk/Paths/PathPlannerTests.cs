using System.Net;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Paths;
using Xunit;

namespace ChunkStream.Tests.Sdk.Paths;

public sealed class PathPlannerTests
{
    [Fact]
    public async Task Chosen_addresses_go_with_the_endpoints_that_they_fit()
    {
        var options = new ChunkStreamClientOptions
        {
            LocalAddresses = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("127.0.0.9"), IPAddress.Parse("2001:db8::1")],
        };
        Assert.Equal(
            ["192.0.2.1>198.51.100.7:7071", "127.0.0.9>127.0.0.1:7071", "2001:db8::1>[2001:db8::7]:7071"],
            await PlanAsync(options, "198.51.100.7:7071", "127.0.0.1:7071", "[2001:db8::7]:7071", "[::1]:7071"));
    }

    [Fact]
    public async Task Where_nothing_is_known_to_lead_there_the_system_chooses() =>
        Assert.Equal([">198.51.100.7:7071"], await PlanAsync(new() { Addresses = new FakeAddresses() }, "198.51.100.7:7071"));

    [Fact]
    public async Task A_way_that_is_named_twice_is_one() =>
        Assert.Equal(["127.0.0.2>127.0.0.1:1"], await PlanAsync(new() { Addresses = new FakeAddresses("127.0.0.2") }, "127.0.0.1:1", "127.0.0.1:1"));

    [Fact]
    public async Task A_name_is_each_of_its_families_addresses()
    {
        string[] planned = await PlanAsync(new() { LocalAddresses = [IPAddress.Parse("127.0.0.2")] }, "localhost:7071");
        Assert.Equal(["127.0.0.2>127.0.0.1:7071"], planned);
    }

    [Fact]
    public async Task Preferred_addresses_come_first_and_metered_ones_last()
    {
        var options = new ChunkStreamClientOptions
        {
            Addresses = new FakeAddresses("192.0.2.1", "192.0.2.2", "192.0.2.3"),
            PreferredAddresses = [IPAddress.Parse("192.0.2.2")],
            MeteredAddresses = [IPAddress.Parse("192.0.2.1")],
        };
        IReadOnlyList<PlannedPath> planned = await new PathPlanner(options).PlanAsync([Gateway("198.51.100.7:1")], default);
        Assert.Equal(["192.0.2.2", "192.0.2.3", "192.0.2.1"], planned.OrderBy(path => path.Rank).Select(path => path.Address.LocalAddress!.ToString()));
    }

    [Fact]
    public async Task What_is_no_endpoint_is_refused()
    {
        ChunkStreamException refused = await Assert.ThrowsAsync<ChunkStreamException>(() => PlanAsync(new(), "nowhere"));
        Assert.Equal(FailureCode.InvalidRequest, refused.Code);
    }

    private static async Task<string[]> PlanAsync(ChunkStreamClientOptions options, params string[] endpoints) =>
        [.. (await new PathPlanner(options).PlanAsync([Gateway(endpoints)], default)).Select(path => path.Id[..path.Id.IndexOf('#', StringComparison.Ordinal)])];

    private static GatewayAddress Gateway(params string[] endpoints) =>
        new() { GatewayId = "g", Endpoints = endpoints, SpkiSha256 = new byte[32], HasQuic = true };
}
