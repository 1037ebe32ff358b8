using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ChunkStream.Benchmarks.Peers;

namespace ChunkStream.Benchmarks.Wan;

/// <summary>
/// Other movers over the same link, each for as long or as much as the options say, their start-up included, as percent of the link's
/// rate. Each row names its congestion control, which both ends were set to.
/// </summary>
internal static class WanPeers
{
    public static async Task<IReadOnlyList<BenchRow>> RunAsync(WanNetwork network, WanCase wan, WanOptions options, string folder, string source)
    {
        var rows = new List<BenchRow>();
        string seconds = options.PeerSeconds.ToString(CultureInfo.InvariantCulture);
        foreach (string congestion in (string[])["cubic", "bbr"])
        {
            await network.CongestionAsync(congestion);
            string named = congestion.ToUpperInvariant();
            rows.Add(await MeasureAsync(wan, $"iperf3 ×1 {named}", () => Iperf(seconds, congestion)));
            if (options.IsQuick && congestion == "cubic") continue;
            rows.Add(await MeasureAsync(wan, $"curl GET from nginx, TLS 1.3, {named}", () => CurlAsync(folder, source, seconds)));
            rows.Add(await MeasureAsync(wan, $"rsync {named}", () => RsyncAsync(folder, source, options.PeerSeconds)));
        }
        foreach (string congestion in (string[])["cubic", "bbr"])
            rows.Add(await MeasureAsync(wan, $"raw System.Net.Quic stream {congestion.ToUpperInvariant()}", () => RawQuicAsync(source, congestion, options.PeerSeconds)));
        return rows;
    }

    private static async Task<BenchRow> MeasureAsync(WanCase wan, string name, Func<Task<double>> megabits)
    {
        try
        {
            return new($"{wan.Name} peer: {name}", await megabits() / wan.RateMbit * 100, "% of link");
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException or IOException or JsonException or FormatException)
        {
            return new($"{wan.Name} peer: {name}", null, "% of link", Why: exception.Message);
        }
    }

    private static async Task<double> Iperf(string seconds, string congestion)
    {
        using Process server = WanNetwork.Start('b', "iperf3", "-s", "-1", "-p", "5201");
        await WanNetwork.ListeningAsync('b', 5201);
        string output = await PeerProcess.OutputAsync(WanNetwork.Start('a', "iperf3", "-c", WanNetwork.Server, "-p", "5201", "-t", seconds, "-C", congestion, "-J"));
        await PeerProcess.EndAsync(server);
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement end = document.RootElement.GetProperty("end");
        if (end.GetProperty("sender_tcp_congestion").GetString() != congestion) throw new InvalidOperationException($"iperf3 didn't run with {congestion}.");
        return end.GetProperty("sum_received").GetProperty("bits_per_second").GetDouble() / 1e6;
    }

    private static async Task<double> CurlAsync(string folder, string source, string seconds)
    {
        await using Nginx nginx = await Nginx.StartAsync(Path.Combine(folder, "nginx"), Path.GetDirectoryName(source)!, WanNetwork.Server, command => WanNetwork.Start('b', command));
        string[] curl = ["curl", "-sk", "--tlsv1.3", "-o", "/dev/null", "-m", seconds, "-w", "%{size_download} %{time_total}", nginx.Url + Path.GetFileName(source)];
        string[] answer = (await PeerProcess.OutputAsync(WanNetwork.Start('a', curl))).Split(' ');
        return double.Parse(answer[0], CultureInfo.InvariantCulture) * 8e-6 / double.Parse(answer[1], CultureInfo.InvariantCulture);
    }

    private static async Task<double> RsyncAsync(string folder, string source, int seconds)
    {
        string target = Directory.CreateDirectory(Path.Combine(folder, "rsync")).FullName, config = Path.Combine(folder, "rsyncd.conf");
        await File.WriteAllTextAsync(config, $"use chroot = no\nuid = root\ngid = root\n[in]\npath = {target}\nread only = no\n");
        using Process server = WanNetwork.Start('b', "rsync", "--daemon", "--no-detach", "--port=8730", $"--config={config}");
        await WanNetwork.ListeningAsync('b', 8730);
        var watch = Stopwatch.StartNew();
        using Process client = WanNetwork.Start('a', "rsync", "-W", "--inplace", source, $"rsync://{WanNetwork.Server}:8730/in/file");
        bool isDone = client.WaitForExit(seconds * 1000);
        double elapsed = watch.Elapsed.TotalSeconds;
        await PeerProcess.EndAsync(client);
        await PeerProcess.EndAsync(server);
        var file = new FileInfo(Path.Combine(target, "file"));
        double bytes = file.Exists ? file.Length : 0;
        Directory.Delete(target, recursive: true);
        if (isDone && client.ExitCode != 0) throw new InvalidOperationException($"rsync ended with {client.ExitCode}.");
        return bytes * 8e-6 / elapsed;
    }

    private static async Task<double> RawQuicAsync(string source, string congestion, int seconds)
    {
        string endPoint = $"{WanNetwork.Server}:7099", limit = seconds.ToString(CultureInfo.InvariantCulture);
        string[] program = ["dotnet", Path.Combine(AppContext.BaseDirectory, "ChunkStream.Benchmarks.dll"), RawQuicProgram.Name];
        using Process server = WanNetwork.Start('b', [.. program, "serve", endPoint, congestion]);
        await server.StandardOutput.ReadLineAsync();
        string output = await PeerProcess.OutputAsync(WanNetwork.Start('a', [.. program, "send", endPoint, congestion, source, limit]));
        await PeerProcess.EndAsync(server);
        return double.Parse(output, CultureInfo.InvariantCulture);
    }
}
