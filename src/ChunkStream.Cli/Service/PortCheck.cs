using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace ChunkStream.Cli.Service;

/// <summary>
/// Finds out whether the ports are free before anything starts, so that a busy one is told in a line. Somebody may still take one in
/// between; then starting fails a little later, with more words.
/// </summary>
internal static class PortCheck
{
    /// <exception cref="ServiceStartException">A port is in use, or an address isn't this machine's.</exception>
    public static void Check(ServiceOptions options)
    {
        foreach (string url in options.Urls) CheckUrl(url);
        foreach (string gateway in options.Gateways)
        {
            // What isn't an endpoint is the gateway's to refuse.
            if (!IPEndPoint.TryParse(gateway, out IPEndPoint? endPoint)) continue;
            Try(endPoint, SocketType.Stream, ProtocolType.Tcp, "--gateway");
            Try(endPoint, SocketType.Dgram, ProtocolType.Udp, "--gateway");
        }
    }

    private static void CheckUrl(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException exception)
        {
            throw ServiceStartException.Url(url, exception);
        }
        IPAddress? ip = address.Host == "localhost" ? IPAddress.Loopback : IPAddress.TryParse(address.Host, out IPAddress? parsed) ? parsed : null;
        if (ip is not null && !address.IsUnixPipe) Try(new(ip, address.Port), SocketType.Stream, ProtocolType.Tcp, "--urls");
    }

    private static void Try(IPEndPoint endPoint, SocketType type, ProtocolType protocol, string option)
    {
        try
        {
            using var socket = new Socket(endPoint.AddressFamily, type, protocol);
            socket.Bind(endPoint);
        }
        catch (SocketException exception)
        {
            throw ServiceStartException.Port(endPoint, option, exception);
        }
    }
}
