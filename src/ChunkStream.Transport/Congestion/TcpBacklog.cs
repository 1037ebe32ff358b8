using System.Net.Sockets;

namespace ChunkStream.Transport.Congestion;

/// <summary>
/// Keeps small what a TCP socket holds beyond what is on the wire, where the kernel lets it: on Linux. Its send buffer grows to megabytes a
/// connection, and chunks that wait in one lane's are missed by the others: without this half of four lanes stood idle on a long lossy path.
/// Source: TCP_NOTSENT_LOWAT in tcp(7).
/// </summary>
internal static class TcpBacklog
{
    /// <summary>About a millisecond at the fastest, and much more than is written late on a busy machine at the speed of long paths.</summary>
    internal const int MostBytes = 256 * 1024;

    // IPPROTO_TCP and TCP_NOTSENT_LOWAT of Linux.
    private const int TcpLevel = 6;
    private const int UnsentOption = 25;

    /// <summary>Sets it on a socket; what a listening socket accepts inherits it. Does nothing where the kernel has no such option.</summary>
    public static void Limit(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            socket.SetRawSocketOption(TcpLevel, UnsentOption, BitConverter.GetBytes(MostBytes));
        }
        catch (SocketException)
        {
        }
    }

    /// <summary>What the socket may hold; null where the kernel doesn't say.</summary>
    internal static int? Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        try
        {
            socket.GetRawSocketOption(TcpLevel, UnsentOption, bytes);
            return BitConverter.ToInt32(bytes);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
