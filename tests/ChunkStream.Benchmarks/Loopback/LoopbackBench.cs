using System.ComponentModel;
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
    private const string Unit = "MiB/s";

    public static async Task<IReadOnlyList<BenchRow>> RunAsync()
    {
        var rows = new List<BenchRow>();
        foreach (string transport in (string[])["quic", "tls"])
        {
            rows.AddRange(await RunSizeAsync(transport, 1L << 30, "1 GiB", runs: 5));
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
            List<double> send = [], get = [];
            List<BenchRow> peer = [];
            double clientMemory = 0;
            for (int run = 0; run <= runs; run++)
            {
                // In turn with the peer: what the machine does meanwhile meets both.
                if (runs > 1) peer.Add(await PeerAsync(transport, folder, source));
                // A file that changed is another file: each run sends anew. The first run warms everything up.
                File.SetLastWriteTimeUtc(source, DateTime.UtcNow);
                TouchMemory(folder);
                ClientRun sent = await service.RunAsync("send", source, "--json", "--transport", transport);
                if (sent.Failure is { } reason) return [new($"send {size} {transport}", null, Unit, Why: reason)];
                string back = Path.Combine(folder, "back");
                TouchMemory(folder);
                ClientRun got = await service.RunAsync("get", sent.Text("fileId"), "-o", back, "--json", "--transport", transport);
                if (got.Failure is { } why) return [new($"get {size} {transport}", null, Unit, Why: why)];
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
            BenchRow? beside = peer.Skip(1).OrderBy(row => row.Value).ElementAtOrDefault((runs - 1) / 2);
            BenchRow[] rows =
            [
                Rate($"send {size} {transport}", send, beside),
                Rate($"get {size} {transport}", get, beside),
                new($"memory {size} {transport}, both sides", memory, "MiB", Goal: GoalMemoryMiB, Met: memory <= GoalMemoryMiB,
                    Why: string.Create(CultureInfo.InvariantCulture, $"service {service.PeakMiB:0}, client {clientMemory:0}")),
            ];
            return beside is null ? rows : [beside, .. rows];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<BenchRow> PeerAsync(string transport, string folder, string source)
    {
        TouchMemory(folder);
        try
        {
            return new(LoopbackPeers.NameOf(transport), await LoopbackPeers.RunAsync(transport, folder, source), Unit);
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or IOException or FormatException)
        {
            return new(LoopbackPeers.NameOf(transport), null, Unit, Why: exception.Message);
        }
    }

    private static BenchRow Rate(string name, List<double> values, BenchRow? peer)
    {
        double value = SpeedSamples.Median([.. values]);
        if (peer?.Value is not { } peerValue) return new(name, value, Unit, Peer: peer?.Case, Why: peer?.Why);
        return new(name, value, Unit, Peer: peer.Case, PeerValue: peerValue, Ratio: value / peerValue, Goal: GoalOfPeer, Met: value / peerValue >= GoalOfPeer);
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

    /// <summary>
    /// Fills as much of the page cache as 1 GiB and its parity take, and lets it go. On a virtual machine that gives free memory back to its
    /// host a file's first page costs ten times what the next one does, and whoever writes files would be timed by the host.
    /// </summary>
    internal static void TouchMemory(string folder)
    {
        const int sizeMiB = 1024 * 13 / 10;
        string path = Path.Combine(folder, "touch");
        byte[] block = new byte[1 << 20];
        using (FileStream file = File.Create(path))
        {
            for (int written = 0; written < sizeMiB; written++) file.Write(block);
            file.Flush(flushToDisk: true);
        }
        File.Delete(path);
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
