using System.Net;
using System.Net.Sockets;

namespace ChunkStream.Silo;

internal static class FreePorts
{
    /// <summary>Two different loopback ports that nobody listens on now, each only where the wanted one is 0.</summary>
    public static (int First, int Second) Choose(int firstWanted, int secondWanted)
    {
        // Both are held until both are known, so that they differ.
        using Socket first = Bind(firstWanted), second = Bind(secondWanted);
        return (PortOf(first, firstWanted), PortOf(second, secondWanted));
    }

    private static Socket Bind(int wanted)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (wanted == 0) socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int PortOf(Socket socket, int wanted) => wanted != 0 ? wanted : ((IPEndPoint)socket.LocalEndPoint!).Port;
}
