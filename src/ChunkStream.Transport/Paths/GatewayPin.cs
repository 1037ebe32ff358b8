using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChunkStream.Protocol;

namespace ChunkStream.Transport.Paths;

/// <summary>
/// The client's side of TLS on every lane: TLS 1.3, our protocol name, and a gateway whose public key hashes to what the plan says.
/// The plan came over a connection that the user trusts, so no certificate authority is asked.
/// </summary>
internal static class GatewayPin
{
    public static SslClientAuthenticationOptions Options(PathAddress address) => new()
    {
        TargetHost = "chunkstream-gateway",
        ApplicationProtocols = [new SslApplicationProtocol(Alpn.ChunkStream1)],
        EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate is X509Certificate2 presented && CryptographicOperations.FixedTimeEquals(SpkiSha256(presented), address.SpkiSha256),
    };

    public static byte[] SpkiSha256(X509Certificate2 certificate) => SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());
}
