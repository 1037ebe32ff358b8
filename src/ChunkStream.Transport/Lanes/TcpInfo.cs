using System.Buffers.Binary;
using System.Net.Sockets;

namespace ChunkStream.Transport.Lanes;

/// <summary>Reads Linux's <c>tcp_info</c> of a socket. Its fields never move; newer kernels add some at the end.</summary>
internal static class TcpInfo
{
    private const int IpProtoTcp = 6;
    private const int TcpInfoOption = 11;

    // Offsets of tcpi_last_data_recv and tcpi_last_ack_recv (ms), tcpi_rtt (µs), tcpi_total_retrans and tcpi_segs_out, the last of Linux 4.2.
    private const int LastDataReceived = 52, LastAckReceived = 56, RoundTrip = 68, TotalRetransmits = 100, SegmentsOut = 136;

    /// <summary>Null where the system has none, or the socket is closed.</summary>
    public static LaneMeasure? Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return null;
        Span<byte> info = stackalloc byte[SegmentsOut + sizeof(uint)];
        try
        {
            if (socket.GetRawSocketOption(IpProtoTcp, TcpInfoOption, info) < info.Length) return null;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return null;
        }
        return new(
            TimeSpan.FromMicroseconds(Read(info, RoundTrip)), Read(info, SegmentsOut), Read(info, TotalRetransmits),
            TimeSpan.FromMilliseconds(Math.Min(Read(info, LastDataReceived), Read(info, LastAckReceived))));
    }

    private static uint Read(ReadOnlySpan<byte> info, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(info[offset..]);
}
