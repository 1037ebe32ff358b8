using System.Net;
using System.Net.Sockets;

namespace ChunkStream.Transport.Paths;

/// <summary>Asks the system, without sending anything, whether packets have a way.</summary>
internal static class Route
{
    /// <summary>Whether packets from this address go to the endpoint, and out of the interface that has the address.</summary>
    public static bool Leads(IPAddress local, int interfaceIndex, IPEndPoint endPoint)
    {
        if (!CanConnect(local, endPoint)) return false;
        // Linux sends from any address out of whichever interface leads on. The address of a bridge, or of a second network without a
        // rule of its own, would pass for a way out, and be the first network again or nothing.
        return !OperatingSystem.IsLinux() || RouteQuery.InterfaceTo(local, endPoint.Address) is not { } leaving || leaving == interfaceIndex;
    }

    // Connecting a UDP socket looks up the route and does nothing else.
    private static bool CanConnect(IPAddress local, IPEndPoint endPoint)
    {
        using var socket = new Socket(local.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(local, 0));
            socket.Connect(endPoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
