using System.Net.Security;
using ChunkStream.Protocol;

namespace ChunkStream.Transport.Listeners;

/// <summary>The gateway's side of TLS on every lane.</summary>
internal static class GatewayTls
{
    public static SslServerAuthenticationOptions Options(GatewayCertificate certificate) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(certificate.Certificate, null, offline: true),
        ApplicationProtocols = [new SslApplicationProtocol(Alpn.ChunkStream1)],
        EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
        ClientCertificateRequired = false,
    };
}
