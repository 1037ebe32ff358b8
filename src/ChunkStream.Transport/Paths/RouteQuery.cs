using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace ChunkStream.Transport.Paths;

/// <summary>One question to Linux's routing table over rtnetlink(7), which needs no rights: out of which interface would this go?</summary>
[SupportedOSPlatform("linux")]
internal static partial class RouteQuery
{
    private const int AfNetlink = 16, SockRaw = 3, SockCloseOnExec = 0x80000, NetlinkRoute = 0;
    private const ushort GetRoute = 26, NewRoute = 24, Request = 1;
    private const ushort Destination = 1, Source = 2, OutInterface = 4;
    private const int MessageHeaderBytes = 16, RouteHeaderBytes = 12, AttributeHeaderBytes = 4;

    /// <summary>The interface's index; null where there is no route, or the system doesn't answer such questions.</summary>
    public static int? InterfaceTo(IPAddress from, IPAddress to)
    {
        SafeSocketHandle handle = OpenSocket(AfNetlink, SockRaw | SockCloseOnExec, NetlinkRoute);
        try
        {
            if (handle.IsInvalid) return null;
            using var socket = new Socket(handle) { ReceiveTimeout = 1000 };
            socket.Send(Question(from, to));
            byte[] answer = new byte[4096];
            return Answer(answer.AsSpan(0, socket.Receive(answer)));
        }
        catch (SocketException)
        {
            return null;
        }
        finally
        {
            handle.Dispose();
        }
    }

    private static byte[] Question(IPAddress from, IPAddress to)
    {
        byte[] source = from.GetAddressBytes(), destination = to.GetAddressBytes();
        byte[] message = new byte[MessageHeaderBytes + RouteHeaderBytes + 2 * AttributeHeaderBytes + source.Length + destination.Length];
        BinaryPrimitives.WriteInt32LittleEndian(message, message.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), GetRoute);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(6), Request);
        Span<byte> route = message.AsSpan(MessageHeaderBytes);
        route[0] = (byte)(to.AddressFamily == AddressFamily.InterNetwork ? 2 : 10);
        route[1] = (byte)(destination.Length * 8);
        route[2] = (byte)(source.Length * 8);
        Span<byte> attributes = route[RouteHeaderBytes..];
        foreach (var (type, address) in ((ushort, byte[])[])[(Destination, destination), (Source, source)])
        {
            BinaryPrimitives.WriteUInt16LittleEndian(attributes, (ushort)(AttributeHeaderBytes + address.Length));
            BinaryPrimitives.WriteUInt16LittleEndian(attributes[2..], type);
            address.CopyTo(attributes[AttributeHeaderBytes..]);
            attributes = attributes[(AttributeHeaderBytes + address.Length)..];
        }
        return message;
    }

    private static int? Answer(ReadOnlySpan<byte> message)
    {
        if (message.Length < MessageHeaderBytes + RouteHeaderBytes || BinaryPrimitives.ReadUInt16LittleEndian(message[4..]) != NewRoute) return null;
        ReadOnlySpan<byte> attributes = message[(MessageHeaderBytes + RouteHeaderBytes)..];
        while (attributes.Length >= AttributeHeaderBytes)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < AttributeHeaderBytes || length > attributes.Length) return null;
            if (BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) == OutInterface) return BinaryPrimitives.ReadInt32LittleEndian(attributes[AttributeHeaderBytes..]);
            attributes = attributes[Math.Min(attributes.Length, (length + 3) & ~3)..];
        }
        return null;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial SafeSocketHandle OpenSocket(int domain, int type, int protocol);
}
