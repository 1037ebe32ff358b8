using System.Net;

namespace ChunkStream.Transport.Paths;

/// <summary>Where paths may start on this machine, now; it changes while a transfer runs.</summary>
public interface ILocalAddresses
{
    /// <summary>Addresses that lead to an endpoint. Empty: the system is to choose.</summary>
    IReadOnlyList<IPAddress> LeadingTo(IPEndPoint endPoint);

    /// <summary>
    /// Calls, on any thread, when there may be other addresses, until it is disposed of. It may call for nothing, and not for every change.
    /// </summary>
    IDisposable Watch(Action changed);
}
