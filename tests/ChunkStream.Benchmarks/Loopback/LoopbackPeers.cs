using System.Diagnostics;
using System.Globalization;
using ChunkStream.Benchmarks.Peers;

namespace ChunkStream.Benchmarks.Loopback;

/// <summary>What else moves a file over loopback: a raw QUIC stream, and curl's PUT to nginx over TLS 1.3.</summary>
internal static class LoopbackPeers
{
    private const int LongSeconds = 600;

    public static string NameOf(string transport) => transport == "quic" ? "raw System.Net.Quic stream, BBR" : "curl PUT to nginx, TLS 1.3";

    /// <summary>Moves a file once, in MiB a second.</summary>
    public static Task<double> RunAsync(string transport, string folder, string source) => transport == "quic" ? RawQuicAsync(source) : PutAsync(folder, source);

    private static async Task<double> RawQuicAsync(string source)
    {
        string[] program = ["dotnet", Path.Combine(AppContext.BaseDirectory, "ChunkStream.Benchmarks.dll"), RawQuicProgram.Name];
        using Process server = Start([.. program, "serve", "127.0.0.1:7098", "bbr"]);
        await server.StandardOutput.ReadLineAsync();
        string output = await PeerProcess.OutputAsync(Start([.. program, "send", "127.0.0.1:7098", "bbr", source, LongSeconds.ToString(CultureInfo.InvariantCulture)]));
        await PeerProcess.EndAsync(server);
        return double.Parse(output, CultureInfo.InvariantCulture) / 8.388608;
    }

    private static async Task<double> PutAsync(string folder, string source)
    {
        await using Nginx nginx = await Nginx.StartAsync(Path.Combine(folder, "nginx"), folder, "127.0.0.1", Start);
        string[] curl = ["curl", "-sk", "--tlsv1.3", "-T", source, "-w", "%{http_code} %{size_upload} %{time_total}", nginx.Url + "put/file"];
        string[] answer = (await PeerProcess.OutputAsync(Start(curl))).Split(' ');
        if (answer[0] is not ("201" or "204")) throw new InvalidOperationException($"nginx answered {answer[0]}.");
        return double.Parse(answer[1], CultureInfo.InvariantCulture) / 1048576 / double.Parse(answer[2], CultureInfo.InvariantCulture);
    }

    private static Process Start(string[] command) =>
        Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
