using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace ChunkStream.Transport.Paths;

/// <summary>
/// This machine's addresses: of interfaces that are up, neither loopback nor link-local, and only where the system has a route to the
/// endpoint through that very interface: so container bridges and networks of their own make no paths.
/// </summary>
/// <remarks>
/// A machine with two networks to the same destination uses the second only where its routing has a rule for the second's addresses.
/// The system tells of changes where it can; that isn't everywhere, so who uses this asks again every few seconds.
/// </remarks>
public sealed class LocalAddresses : ILocalAddresses
{
    /// <summary>Empty as well where the gateway is on this machine: more paths would be no other way to it.</summary>
    public IReadOnlyList<IPAddress> LeadingTo(IPEndPoint endPoint)
    {
        if (IPAddress.IsLoopback(endPoint.Address)) return [];
        try
        {
            (NetworkInterface Interface, UnicastIPAddressInformation Address)[] all = [.. All()];
            if (all.Any(one => one.Address.Address.Equals(endPoint.Address))) return [];
            return [.. all
                .Where(one => one.Address.Address.AddressFamily == endPoint.AddressFamily && IsRoutable(one.Address.Address))
                .DistinctBy(NetworkOf)
                .Where(one => Route.Leads(one.Address.Address, IndexOf(one.Interface, endPoint.AddressFamily), endPoint))
                .Select(one => one.Address.Address)];
        }
        catch (NetworkInformationException)
        {
            // The system doesn't say; it still finds its own way.
            return [];
        }
    }

    public IDisposable Watch(Action changed) => new Watching(changed);

    internal static bool IsRoutable(IPAddress address) =>
        !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal && !address.IsIPv6Multicast && !address.IsIPv4MappedToIPv6
        && !(address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..] or [0, ..]);

    private static IEnumerable<(NetworkInterface, UnicastIPAddressInformation)> All() =>
        from network in NetworkInterface.GetAllNetworkInterfaces()
        where network.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
        from address in network.GetIPProperties().UnicastAddresses
        select (network, address);

    // IPv6 gives a machine several addresses in one network, some for a day: they are one way out.
    private static object NetworkOf((NetworkInterface Interface, UnicastIPAddressInformation Address) one) =>
        one.Address.Address.AddressFamily == AddressFamily.InterNetworkV6
            ? (one.Interface.Name, Convert.ToHexString(one.Address.Address.GetAddressBytes().AsSpan(0, 8)))
            : one.Address.Address;

    private static int IndexOf(NetworkInterface network, AddressFamily family) => family == AddressFamily.InterNetwork
        ? network.GetIPProperties().GetIPv4Properties().Index
        : network.GetIPProperties().GetIPv6Properties().Index;

    private sealed class Watching : IDisposable
    {
        private readonly NetworkAddressChangedEventHandler _handler;

        public Watching(Action changed) => NetworkChange.NetworkAddressChanged += _handler = (_, _) => changed();

        public void Dispose() => NetworkChange.NetworkAddressChanged -= _handler;
    }
}
