using System.Net.Sockets;
using System.Text;

namespace ChunkStream.Transport.Congestion;

/// <summary>Sets the congestion control of a TCP socket, where the kernel lets its owner choose: on Linux.</summary>
internal static class TcpCongestion
{
    // IPPROTO_TCP and TCP_CONGESTION of Linux; the names are those of the kernel's modules.
    private const int TcpLevel = 6;
    private const int CongestionOption = 13;

    /// <summary>
    /// Sets it on a socket; what a listening socket accepts inherits it. False where the kernel has no such control or doesn't allow
    /// it: the socket goes on with the system's default.
    /// </summary>
    public static bool TryApply(Socket socket, CongestionControl congestion)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            socket.SetRawSocketOption(TcpLevel, CongestionOption, Encoding.ASCII.GetBytes(NameOf(congestion)));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>What the socket runs with now; null where the kernel doesn't say.</summary>
    public static string? Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> name = stackalloc byte[16];
        try
        {
            int length = socket.GetRawSocketOption(TcpLevel, CongestionOption, name);
            return Encoding.ASCII.GetString(name[..length]).TrimEnd('\0');
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static string NameOf(CongestionControl congestion) => congestion == CongestionControl.Bbr ? "bbr" : "cubic";
}
