using System.Net;
using System.Net.Sockets;

namespace ChunkStream.Tests;

/// <summary>
/// Ports for programs that have to be told one, or to come back to it. Below those that systems give to whoever asks for any: one of these
/// would be taken by a connection of a neighbour before its program binds it.
/// </summary>
internal static class FreePort
{
    private const int First = 10_000, Count = 22_000;

    // Other test programs run at the same time: each begins elsewhere, and gives no port twice.
    private static int s_last = Random.Shared.Next(Count);

    /// <summary>A port that nobody has, for TCP and UDP.</summary>
    public static int Next()
    {
        for (int tries = 0; tries < Count; tries++)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref s_last) % Count);
            if (IsFree(SocketType.Stream, ProtocolType.Tcp, port) && IsFree(SocketType.Dgram, ProtocolType.Udp, port)) return port;
        }
        throw new InvalidOperationException($"No port from {First} to {First + Count - 1} is free.");
    }

    private static bool IsFree(SocketType type, ProtocolType protocol, int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
