using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ChunkStream.Benchmarks.Peers;

/// <summary>nginx, over TLS 1.3 alone: it serves a folder, and takes files into another.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private const int Port = 8443;

    private readonly Process _process;

    private Nginx(Process process, string address) => (_process, Url) = (process, $"https://{address}:{Port}/");

    public string Url { get; }

    /// <param name="folder">Its own files.</param>
    /// <param name="served">What is served.</param>
    /// <param name="address">Where it listens.</param>
    /// <param name="start">Runs a command where it should run.</param>
    public static async Task<Nginx> StartAsync(string folder, string served, string address, Func<string[], Process> start)
    {
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, "pid"));
        WriteCertificate(folder);
        string config = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(config, $$"""
            daemon off; worker_processes 2; user root; pid {{folder}}/pid; error_log {{folder}}/error.log;
            events { worker_connections 64; }
            http {
              access_log off; sendfile on; client_max_body_size 0; client_body_temp_path {{folder}}/body;
              server {
                listen {{address}}:{{Port}} ssl; ssl_certificate {{folder}}/cert.pem; ssl_certificate_key {{folder}}/key.pem; ssl_protocols TLSv1.3;
                location / { root {{served}}; }
                location /put/ { root {{folder}}; dav_methods PUT; create_full_put_path on; }
              }
            }
            """);
        Process process = start(["nginx", "-c", config, "-p", folder]);
        for (int attempt = 0; attempt < 100 && !process.HasExited && !File.Exists(Path.Combine(folder, "pid")); attempt++) await Task.Delay(20);
        return process.HasExited ? throw new InvalidOperationException((await process.StandardError.ReadToEndAsync()).Trim()) : new(process, address);
    }

    public async ValueTask DisposeAsync()
    {
        await PeerProcess.EndAsync(_process);
        _process.Dispose();
    }

    private static void WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Combine(folder, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
