using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChunkStream.Transport.Congestion;

namespace ChunkStream.Benchmarks.Peers;

/// <summary>
/// A peer: one file copied over one System.Net.Quic stream, with nothing around it. <c>serve ENDPOINT CC</c> takes one such copy and
/// throws it away; <c>send ENDPOINT CC FILE SECONDS</c> sends, for so long at most, and prints the Mbit/s that arrived, dial included.
/// </summary>
internal static class RawQuicProgram
{
    public const string Name = "raw-quic";

    private const int BlockBytes = 256 * 1024;
    private const long WindowBytes = 16 * 1024 * 1024;
    private static readonly SslApplicationProtocol s_protocol = new("copy");

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || !QuicListener.IsSupported) throw new InvalidOperationException("QUIC isn't supported here: libmsquic is missing.");
        IPEndPoint endPoint = IPEndPoint.Parse(arguments[1]);
        QuicCongestion.TryApply(Enum.Parse<CongestionControl>(arguments[2], ignoreCase: true));
        if (arguments[0] == "serve") await ServeAsync(endPoint);
        else Console.WriteLine((await SendAsync(endPoint, arguments[3], int.Parse(arguments[4], CultureInfo.InvariantCulture))).ToString(CultureInfo.InvariantCulture));
        return 0;
    }

#pragma warning disable CA1416, CA5359 // Asked above; and both ends are ours, on a link of our own.
    private static async Task ServeAsync(IPEndPoint endPoint)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using QuicListener listener = await QuicListener.ListenAsync(new()
        {
            ListenEndPoint = endPoint,
            ApplicationProtocols = [s_protocol],
            ConnectionOptionsCallback = (_, _, _) => ValueTask.FromResult(new QuicServerConnectionOptions
            {
                DefaultCloseErrorCode = 1,
                DefaultStreamErrorCode = 1,
                MaxInboundBidirectionalStreams = 1,
                InitialReceiveWindowSizes = new() { Connection = (int)WindowBytes, RemotelyInitiatedBidirectionalStream = (int)WindowBytes },
                ServerAuthenticationOptions = new() { ApplicationProtocols = [s_protocol], ServerCertificate = certificate },
            }),
        });
        Console.WriteLine("ready");
        await using QuicConnection connection = await listener.AcceptConnectionAsync();
        await using QuicStream stream = await connection.AcceptInboundStreamAsync();
        byte[] block = new byte[BlockBytes];
        while (await stream.ReadAsync(block) > 0)
        {
        }
        await stream.WriteAsync(new byte[] { 1 }, completeWrites: true);
        await stream.WritesClosed;
        await Task.Delay(TimeSpan.FromSeconds(1));
    }

    private static async Task<double> SendAsync(IPEndPoint endPoint, string file, int seconds)
    {
        long start = Stopwatch.GetTimestamp(), bytes = 0;
        await using QuicConnection connection = await QuicConnection.ConnectAsync(new()
        {
            RemoteEndPoint = endPoint,
            DefaultCloseErrorCode = 1,
            DefaultStreamErrorCode = 1,
            ClientAuthenticationOptions = new() { ApplicationProtocols = [s_protocol], TargetHost = "bench", RemoteCertificateValidationCallback = (_, _, _, _) => true },
        });
        await using QuicStream stream = await connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional);
        await using FileStream source = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        byte[] block = new byte[BlockBytes];
        int read;
        while ((read = await source.ReadAsync(block)) > 0 && Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
        {
            await stream.WriteAsync(block.AsMemory(0, read));
            bytes += read;
        }
        stream.CompleteWrites();
        // Its answer says that all has arrived.
        await stream.ReadExactlyAsync(new byte[1]);
        return bytes * 8e-6 / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
#pragma warning restore CA1416, CA5359
}
