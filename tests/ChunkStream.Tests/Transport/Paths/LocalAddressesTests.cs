using System.Net;
using System.Net.NetworkInformation;
using ChunkStream.Transport.Paths;
using Xunit;

namespace ChunkStream.Tests.Transport.Paths;

public sealed class LocalAddressesTests
{
    private readonly LocalAddresses _addresses = new();

    [Theory]
    [InlineData("127.0.0.1"), InlineData("127.8.8.8"), InlineData("::1")]
    public void To_this_machine_the_system_finds_its_way(string loopback) =>
        Assert.Empty(_addresses.LeadingTo(new(IPAddress.Parse(loopback), 7071)));

    [Fact]
    public void To_an_address_of_this_machine_too()
    {
        foreach (IPAddress own in NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address))
            Assert.Empty(_addresses.LeadingTo(new(own, 7071)));
    }

    [Theory]
    [InlineData("192.0.2.200"), InlineData("2001:db8::200"), InlineData("8.8.8.8")]
    public void Addresses_that_lead_somewhere_are_of_its_family_and_routable(string far)
    {
        var endPoint = new IPEndPoint(IPAddress.Parse(far), 7071);
        Assert.All(_addresses.LeadingTo(endPoint), address =>
        {
            Assert.Equal(endPoint.AddressFamily, address.AddressFamily);
            Assert.True(LocalAddresses.IsRoutable(address), $"{address} isn't routable.");
        });
    }

    [Theory]
    [InlineData("192.0.2.1", true), InlineData("10.0.0.1", true), InlineData("2001:db8::1", true), InlineData("fd00::1", true)]
    [InlineData("127.0.0.1", false), InlineData("::1", false), InlineData("169.254.1.1", false), InlineData("fe80::1", false), InlineData("0.0.0.0", false)]
    public void Link_local_and_loopback_addresses_are_not(string address, bool isRoutable) =>
        Assert.Equal(isRoutable, LocalAddresses.IsRoutable(IPAddress.Parse(address)));

    [Fact]
    public void Watching_can_be_ended() => _addresses.Watch(() => { }).Dispose();

    [LinuxFact]
    public void The_loopback_interface_leads_nowhere_else()
    {
        if (!OperatingSystem.IsLinux()) return;
        // The route to anywhere else doesn't go out of the loopback interface, whoever asks.
        int loopback = NetworkInterface.GetAllNetworkInterfaces().Single(one => one.NetworkInterfaceType == NetworkInterfaceType.Loopback).GetIPProperties().GetIPv4Properties().Index;
        Assert.Equal(loopback, RouteQuery.InterfaceTo(IPAddress.Loopback, IPAddress.Parse("127.0.0.5")));
        Assert.False(Route.Leads(IPAddress.Parse("127.0.0.1"), loopback, new(IPAddress.Parse("8.8.8.8"), 7071)));
        Assert.False(Route.Leads(IPAddress.Parse("192.0.2.77"), loopback, new(IPAddress.Parse("8.8.8.8"), 7071)));
    }
}
