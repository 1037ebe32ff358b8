using System.Diagnostics;
using System.Globalization;

namespace ChunkStream.Benchmarks.Loopback;

/// <summary>
/// The whole service as a user runs it: one process serves, others send and get over loopback. Bytes a second of the file, start-up of the
/// transfer included and start-up of the programs not; the most memory that each process had, as the system counts it.
/// </summary>
internal static class LoopbackBench
{
    private const double GoalOfPeer = 0.6;
    private const double GoalMemoryMiB = 400;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync()
    {
        var rows = new List<BenchRow>();
        foreach (string transport in (string[])["quic", "tls"])
        {
            BenchRow peer = await LoopbackPeers.RunAsync(transport, runs: 3);
            rows.Add(peer);
            rows.AddRange((await RunSizeAsync(transport, 1L << 30, "1 GiB", runs: 3)).Select(row => row.Unit == peer.Unit ? Beside(row, peer) : row));
            if (transport == "quic") rows.AddRange(await RunSizeAsync(transport, 8L << 30, "8 GiB", runs: 1));
        }
        return rows;
    }

    private static async Task<IReadOnlyList<BenchRow>> RunSizeAsync(string transport, long sizeBytes, string size, int runs)
    {
        string folder = Directory.CreateTempSubdirectory("chunkstream-bench-").FullName;
        try
        {
            string source = Path.Combine(folder, "source");
            WriteRandom(source, sizeBytes);
            await using Service service = await Service.StartAsync(folder);
            var send = new List<double>();
            var get = new List<double>();
            double clientMemory = 0;
            for (int run = 0; run <= runs; run++)
            {
                // A file that changed is another file: each run sends anew. The first run warms everything up.
                File.SetLastWriteTimeUtc(source, DateTime.UtcNow);
                ClientRun sent = await service.RunAsync("send", source, "--json", "--transport", transport);
                if (sent.Failure is { } reason) return [new($"send {size} {transport}", null, "MiB/s", Why: reason)];
                string back = Path.Combine(folder, "back");
                ClientRun got = await service.RunAsync("get", sent.Text("fileId"), "-o", back, "--json", "--transport", transport);
                if (got.Failure is { } why) return [new($"get {size} {transport}", null, "MiB/s", Why: why)];
                if (run > 0 || runs == 1)
                {
                    send.Add(sizeBytes / 1048576.0 / sent.Number("seconds"));
                    get.Add(sizeBytes / 1048576.0 / got.Number("seconds"));
                }
                clientMemory = Math.Max(clientMemory, Math.Max(sent.PeakMiB, got.PeakMiB));
                File.Delete(back);
                await service.RunAsync("rm", sent.Text("fileId"), "--json");
            }
            double memory = clientMemory + service.PeakMiB;
            return
            [
                Rate($"send {size} {transport}", send),
                Rate($"get {size} {transport}", get),
                new($"memory {size} {transport}, both sides", memory, "MiB", Goal: GoalMemoryMiB, Met: memory <= GoalMemoryMiB,
                    Why: string.Create(CultureInfo.InvariantCulture, $"service {service.PeakMiB:0}, client {clientMemory:0}")),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static BenchRow Rate(string name, List<double> values)
    {
        return new(name, values.Order().ElementAt(values.Count / 2), "MiB/s");
    }

    private static BenchRow Beside(BenchRow row, BenchRow peer)
    {
        if (row.Value is null || peer.Value is null) return row with { Peer = peer.Case, Why = row.Why ?? peer.Why };
        double ratio = row.Value.Value / peer.Value.Value;
        return row with { Peer = peer.Case, PeerValue = peer.Value, Ratio = ratio, Goal = GoalOfPeer, Met = ratio >= GoalOfPeer };
    }

    internal static void WriteRandom(string path, long sizeBytes)
    {
        byte[] block = new byte[16 << 20];
        var random = new Random(1);
        using FileStream file = File.Create(path);
        for (long left = sizeBytes; left > 0; left -= block.Length)
        {
            random.NextBytes(block);
            file.Write(block, 0, (int)Math.Min(left, block.Length));
        }
    }

    /// <summary>The most memory that a process has had so far, in MiB.</summary>
    internal static double PeakMiB(Process process)
    {
        try
        {
            string line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            return 0;
        }
    }
}
