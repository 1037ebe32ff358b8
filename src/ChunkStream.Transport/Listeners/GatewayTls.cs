using System.Net.Security;
using ChunkStream.Protocol;

namespace ChunkStream.Transport.Listeners;

/// <summary>The gateway's side of TLS on every lane.</summary>
internal static class GatewayTls
{
    public static SslApplicationProtocol Protocol { get; } = new(Alpn.ChunkStream1);

    public static SslServerAuthenticationOptions Options(GatewayCertificate certificate) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(certificate.Certificate, null, offline: true),
        ApplicationProtocols = [Protocol],
        EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
        ClientCertificateRequired = false,
    };
}
