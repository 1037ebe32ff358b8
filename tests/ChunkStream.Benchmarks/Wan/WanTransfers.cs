using ChunkStream.Benchmarks.Loopback;

namespace ChunkStream.Benchmarks.Wan;

/// <summary>Runs the command line's transfers over a case's links.</summary>
internal sealed class WanTransfers(Service service, WanNetwork network, WanCase wan, string transport, WanOptions options, string source)
{
    private const long WarmBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan s_leastLimit = TimeSpan.FromSeconds(15), s_warmLimit = TimeSpan.FromMinutes(1);

    private string? _sentFile;

    public WanNetwork Network => network;

    // Five times what the links' rates allow: what is slower than that isn't worth the wait.
    private TimeSpan Limit
    {
        get
        {
            TimeSpan limit = TimeSpan.FromSeconds(5 * 1.3 * options.SizeMiB * 8 * 1.048576 / wan.RateMbit);
            return limit > s_leastLimit ? limit : s_leastLimit;
        }
    }

    /// <summary>
    /// A service that has just been started compiles itself while it answers; clients meet services that have run for a while. So a small file
    /// goes and comes first, and isn't timed.
    /// </summary>
    public async Task WarmAsync()
    {
        string small = source + ".warm";
        LoopbackBench.WriteRandom(small, WarmBytes);
        ClientRun sent = await service.RunAsync(s_warmLimit, "send", small, "--json", "--transport", transport);
        if (sent.Failure is null) await service.RunAsync(s_warmLimit, "get", sent.Text("fileId"), "-o", small, "--force", "--json", "--transport", transport);
        File.Delete(small);
    }

    /// <param name="parity">The parity mode.</param>
    /// <param name="holeAfter">When, after the program's start, the last link becomes a black hole; null: never.</param>
    public Task<WanResult> SendAsync(string parity, TimeSpan? holeAfter = null) => MedianAsync(async () =>
    {
        // A file that changed is another file: each run sends anew.
        File.SetLastWriteTimeUtc(source, DateTime.UtcNow);
        Task<ClientRun> running = service.RunAsync(Limit, "send", source, "--json", "--transport", transport, "--parity", parity);
        if (holeAfter is { } after)
        {
            await Task.Delay(after);
            await network.HoleAsync(wan.Links.Length - 1);
        }
        ClientRun run = await running;
        if (holeAfter is not null) await network.HealAsync(wan.Links.Length - 1);
        if (run.Failure is null) _sentFile = run.Text("fileId");
        return run;
    });

    /// <summary>Gets what was sent last.</summary>
    public async Task<WanResult> GetAsync()
    {
        if (_sentFile is null) return new(null, Why: "nothing was sent that could be got");
        string output = source + ".back";
        try
        {
            return await MedianAsync(() => service.RunAsync(Limit, "get", _sentFile, "-o", output, "--force", "--json", "--transport", transport));
        }
        finally
        {
            File.Delete(output);
        }
    }

    private async Task<WanResult> MedianAsync(Func<Task<ClientRun>> transfer)
    {
        var runs = new List<ClientRun>();
        for (int i = 0; i < options.Runs; i++)
        {
            ClientRun run = await transfer();
            if (run.Failure is { } why) return new(null, Why: why);
            runs.Add(run);
        }
        return new(
            Median(run => run.Number("seconds")), Median(run => run.CpuSeconds + run.ServiceCpuSeconds),
            runs[0].Has("chunksResent") ? Median(run => run.Number("chunksResent")) : null,
            runs[0].Has("stripeP99Ms") ? Median(run => run.Number("stripeP99Ms") / 1000) : null);

        double Median(Func<ClientRun, double> value) => SpeedSamples.Median([.. runs.Select(value)]);
    }
}
