using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChunkStream.Core.Failures;
using ChunkStream.Protocol;
using ChunkStream.Transport.Lanes;

namespace ChunkStream.Transport.Paths;

/// <summary>
/// The client's side of TLS on every lane: TLS 1.3, our protocol name, and a gateway whose public key hashes to what the plan says.
/// The plan came over a connection that the user trusts, so no certificate authority is asked.
/// </summary>
internal sealed class GatewayPin(PathAddress address)
{
    /// <summary>Whether a gateway has shown another key. A handshake may fail for other reasons, which pass.</summary>
    public bool IsMismatch { get; private set; }

    public SslClientAuthenticationOptions Options() => new()
    {
        TargetHost = "chunkstream-gateway",
        ApplicationProtocols = [new SslApplicationProtocol(Alpn.ChunkStream1)],
        EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls13,
        CertificateChainPolicy = ChainPolicy(),
        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            IsMismatch = certificate is not X509Certificate2 presented
                || !CryptographicOperations.FixedTimeEquals(SpkiSha256(presented), address.SpkiSha256);
            return !IsMismatch;
        },
    };

    /// <summary>What to say of a handshake that failed.</summary>
    public LaneException Failed(string kind, Exception cause) => IsMismatch
        ? new(FailureCode.PinMismatch, $"The gateway at {address.EndPoint} isn't the one that the plan names: {cause.Message}", cause)
        : new(FailureCode.Unreachable, $"No {kind} connection to {address.EndPoint}: {cause.Message}", cause);

    /// <summary>Looks at a certificate as a handshake does at its end, which takes a process some 80 ms the first time.</summary>
    public static void Rehearse()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=rehearsal", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));
        using var chain = new X509Chain { ChainPolicy = ChainPolicy() };
        chain.Build(certificate);
        SpkiSha256(certificate);
    }

    private static X509ChainPolicy ChainPolicy() =>
        new() { TrustMode = X509ChainTrustMode.CustomRootTrust, DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };

    public static byte[] SpkiSha256(X509Certificate2 certificate) => SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());
}
