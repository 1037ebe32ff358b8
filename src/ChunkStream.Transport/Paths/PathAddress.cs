using System.Net;

namespace ChunkStream.Transport.Paths;

/// <summary>One way to a gateway: a local address and one of the gateway's endpoints.</summary>
/// <param name="LocalAddress">Null: the system chooses.</param>
/// <param name="EndPoint">Where the gateway listens, UDP and TCP alike.</param>
/// <param name="SpkiSha256">What the gateway's public key must hash to.</param>
/// <param name="HasQuic">Whether the gateway says that it listens for QUIC.</param>
public sealed record PathAddress(IPAddress? LocalAddress, EndPoint EndPoint, byte[] SpkiSha256, bool HasQuic)
{
    internal IPEndPoint? LocalEndPoint => LocalAddress is null ? null : new(LocalAddress, 0);

    /// <summary>Reads <c>host:port</c>, <c>192.0.2.1:port</c> or <c>[2001:db8::1]:port</c>.</summary>
    public static bool TryParseEndPoint(string text, out EndPoint? endPoint)
    {
        endPoint = null;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), out ushort port)) return false;
        string host = text[..colon];
        if (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address)) endPoint = new IPEndPoint(address, port);
        else if (Uri.CheckHostName(host) == UriHostNameType.Dns) endPoint = new DnsEndPoint(host, port);
        return endPoint is not null;
    }

    internal string KeyOf(EndPoint? local, string kind)
    {
        IPAddress? from = (local as IPEndPoint)?.Address ?? LocalAddress;
        if (from is { IsIPv4MappedToIPv6: true }) from = from.MapToIPv4();
        string to = EndPoint is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : EndPoint.ToString()!;
        return $"{from?.ToString() ?? "any"}>{to}/{kind}";
    }
}
