using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChunkStream.Transport.Paths;

namespace ChunkStream.Transport.Listeners;

/// <summary>A gateway's self-signed certificate, kept in a file so that its pin survives a restart.</summary>
public sealed class GatewayCertificate : IDisposable
{
    private GatewayCertificate(X509Certificate2 certificate)
    {
        Certificate = certificate;
        SpkiSha256 = GatewayPin.SpkiSha256(certificate);
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>What clients pin: SHA-256 of the SubjectPublicKeyInfo.</summary>
    public byte[] SpkiSha256 { get; }

    /// <summary>The certificate in this file; made, readable by its owner alone, where it isn't there.</summary>
    public static GatewayCertificate LoadOrCreate(string path)
    {
        if (File.Exists(path)) return new(X509CertificateLoader.LoadPkcs12FromFile(path, null));

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=chunkstream-gateway", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        // Pinned by key, not by date: a client whose clock is off must not lose its gateway.
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero));
        byte[] pkcs12 = certificate.Export(X509ContentType.Pkcs12);
        string temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(temporary, options))
        {
            file.Write(pkcs12);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
        return new(X509CertificateLoader.LoadPkcs12(pkcs12, null));
    }

    public void Dispose() => Certificate.Dispose();
}
