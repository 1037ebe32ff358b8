using System.Globalization;
using ChunkStream.Benchmarks.Loopback;

namespace ChunkStream.Benchmarks.Wan;

/// <summary>
/// The service and its clients across long, lossy, uneven and dying links, and other movers across the same links in the same run. Times
/// are of the transfer, its start-up included; the programs' starts, and a service's first transfer, are not timed.
/// </summary>
internal static class WanBench
{
    private const int DataShards = 10, ParityShards = 3;
    private const double MaxTimesIdeal = 1.15, MaxTimesWithout = 1.2;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(WanOptions options)
    {
        if (!Environment.IsPrivilegedProcess) return [new("wan", null, "%", Why: "needs root: it makes network namespaces")];
        string folder = Directory.CreateTempSubdirectory("chunkstream-bench-").FullName;
        try
        {
            // Written just now, so it is in memory.
            string source = Path.Combine(folder, "source");
            LoopbackBench.WriteRandom(source, options.SizeMiB * 1048576L);
            var rows = new List<BenchRow>();
            foreach (WanCase wan in WanCase.All.Where(wan => options.Case is null || wan.Name == options.Case))
            {
                List<BenchRow> added = await RunCaseAsync(wan, options, folder, source);
                // Hours of measures are worth seeing while they run.
                foreach (BenchRow row in added) await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{row.Case}: {row.Value:0.0} {row.Unit} {row.Why}"));
                rows.AddRange(added);
            }
            return rows;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<List<BenchRow>> RunCaseAsync(WanCase wan, WanOptions options, string folder, string source)
    {
        await using WanNetwork network = await WanNetwork.UpAsync(wan.Links);
        await network.CongestionAsync("bbr");
        var rows = new List<BenchRow>();
        foreach (string transport in (string[])["quic", "tls"])
        {
            await using Service service = await Service.StartAsync(Path.Combine(folder, wan.Name + transport), network.Site);
            var transfers = new WanTransfers(service, network, wan, transport, options, source);
            await transfers.WarmAsync();
            switch (wan.Scenario)
            {
                case WanScenario.LastDies: rows.AddRange(await DiesAsync(transfers, wan, transport, options)); break;
                case WanScenario.LastSlow: rows.AddRange(await SlowAsync(transfers, wan, transport, options, folder, source)); break;
                default: rows.AddRange(await SteadyAsync(transfers, wan, transport, options)); break;
            }
        }
        if (wan.HasPeers && options.HasPeers) rows.AddRange(await WanPeers.RunAsync(network, wan, options, folder, source));
        return rows;
    }

    private static async Task<List<BenchRow>> SteadyAsync(WanTransfers transfers, WanCase wan, string transport, WanOptions options)
    {
        double fileMbit = options.SizeMiB * 8 * 1.048576;
        double fullMbit = fileMbit * (DataShards + ParityShards) / DataShards;
        WanResult full = await transfers.SendAsync("full");
        WanResult adaptive = await transfers.SendAsync("adaptive");
        WanResult get = await transfers.GetAsync();
        return
        [
            .. Percent($"{wan.Name} send {transport}, file and parity", full, fullMbit, wan, wan.FullGoal),
            .. Percent($"{wan.Name} send {transport}, adaptive, file", adaptive, fileMbit, wan, wan.FileGoal),
            .. Percent($"{wan.Name} get {transport}, file", get, fileMbit, wan, wan.FileGoal),
        ];
    }

    private static IEnumerable<BenchRow> Percent(string name, WanResult result, double mbit, WanCase wan, double? goal)
    {
        double? percent = mbit / result.Seconds / wan.RateMbit * 100;
        yield return new(name, percent, "% of link", Goal: goal, Met: goal is null ? null : percent >= goal, Why: result.Why ?? (goal is null ? "no goal is set" : null));
        if (result.Why is null) yield return new($"{name}: processors, both ends", result.CpuSeconds, "s");
    }

    private static async Task<List<BenchRow>> DiesAsync(WanTransfers transfers, WanCase wan, string transport, WanOptions options)
    {
        double mbit = options.SizeMiB * 8 * 1.048576 * (DataShards + ParityShards) / DataShards;
        double ideal = mbit / wan.Links.SkipLast(1).Sum(link => link.RateMbit);
        WanResult result = await transfers.SendAsync("full", TimeSpan.FromSeconds(ideal / 2));
        return
        [
            Times($"{wan.Name} send {transport}", result, "three paths' ideal", ideal, MaxTimesIdeal),
            new($"{wan.Name} send {transport}: chunks sent again", result.Resent, "chunks", Why: result.Why ?? "of stripes that aren't complete too; tests tell them apart"),
        ];
    }

    private static async Task<BenchRow[]> SlowAsync(
        WanTransfers transfers, WanCase wan, string transport, WanOptions options, string folder, string source)
    {
        WanResult with = await transfers.SendAsync("full");
        string[] fast = [.. transfers.Network.Site.Gateways.SkipLast(1)];
        await using Service service = await Service.StartAsync(
            Path.Combine(folder, wan.Name + transport + "-without"), transfers.Network.Site with { Url = $"http://{WanNetwork.Server}:7080", Gateways = [.. fast.Select(endpoint => endpoint.Replace("7071", "7081", StringComparison.Ordinal))] });
        var withoutSlow = new WanTransfers(service, transfers.Network, wan, transport, options, source);
        await withoutSlow.WarmAsync();
        WanResult without = await withoutSlow.SendAsync("full");
        string? why = with.Why ?? without.Why;
        double? ratio = with.StripeP99Seconds / without.StripeP99Seconds;
        return
        [
            new($"{wan.Name} send {transport}: a stripe is there within, p99", with.StripeP99Seconds, "s", "without the slow path", without.StripeP99Seconds,
                ratio, MaxTimesWithout, ratio is null ? null : ratio <= MaxTimesWithout, why),
            new($"{wan.Name} send {transport}", with.Seconds, "s", "without the slow path", without.Seconds, with.Seconds / without.Seconds, Why: why),
        ];
    }

    // Less is better.
    private static BenchRow Times(string name, WanResult result, string peer, double? peerSeconds, double goal)
    {
        double? ratio = result.Seconds / peerSeconds;
        return new(name, result.Seconds, "s", peer, peerSeconds, ratio, goal, ratio is null ? null : ratio <= goal, result.Why);
    }
}
