using System.Diagnostics;
using System.Text.Json;
using ChunkStream.Tests;

namespace ChunkStream.Benchmarks.Loopback;

/// <summary>The all-in-one service in a process of its own, and clients that are run against it.</summary>
internal sealed class Service : IAsyncDisposable
{
    private static readonly TimeSpan s_readyWithin = TimeSpan.FromSeconds(30);

    private readonly Site _site;
    private readonly string _stateHome;
    private readonly Process _process;

    private Service(Site site, string stateHome, Process process) => (_site, _stateHome, _process) = (site, stateHome, process);

    public double PeakMiB => LoopbackBench.PeakMiB(_process);

    /// <summary>The processor's time that it has used so far, in seconds.</summary>
    public double CpuSeconds => CpuTime.Seconds(_process);

    public static Task<Service> StartAsync(string folder) =>
        StartAsync(folder, new([], [], $"http://127.0.0.1:{FreePort.Next()}", [$"127.0.0.1:{FreePort.Next()}"]));

    public static async Task<Service> StartAsync(string folder, Site site)
    {
        string stateHome = Path.Combine(folder, "state");
        string[] arguments = ["serve", "--json", "--data", Path.Combine(folder, "data"), "--urls", site.Url];
        Process process = Start(site.Server, stateHome, [.. arguments, .. site.Gateways.SelectMany(gateway => new[] { "--gateway", gateway })]);
        process.BeginErrorReadLine();
        // It says where it listens when it takes files.
        Task<string?> ready = process.StandardOutput.ReadLineAsync();
        if (await Task.WhenAny(ready, Task.Delay(s_readyWithin)) == ready && await ready is not null)
        {
            _ = process.StandardOutput.ReadToEndAsync();
            return new(site, stateHome, process);
        }
        process.Kill();
        throw new TimeoutException($"The service wasn't ready within {s_readyWithin.TotalSeconds} s.");
    }

    public Task<ClientRun> RunAsync(params string[] arguments) => RunAsync(Timeout.InfiniteTimeSpan, arguments);

    /// <summary>Runs a client, and ends it where it takes longer.</summary>
    public async Task<ClientRun> RunAsync(TimeSpan limit, params string[] arguments)
    {
        double serviceCpu = CpuSeconds, cpu = 0, peak = 0;
        using Process client = Start(_site.Client, _stateHome, arguments);
        Task<string> output = client.StandardOutput.ReadToEndAsync(), errors = client.StandardError.ReadToEndAsync();
        var watch = Stopwatch.StartNew();
        while (!client.WaitForExit(20))
        {
            peak = Math.Max(peak, LoopbackBench.PeakMiB(client));
            cpu = Math.Max(cpu, CpuTime.Seconds(client));
            if (limit > TimeSpan.Zero && watch.Elapsed > limit) client.Kill();
        }
        string text = await output, said = await errors;
        if (limit > TimeSpan.Zero && watch.Elapsed > limit)
            return new(-1, default, $"ended after {limit.TotalSeconds:0} s", peak, cpu, CpuSeconds - serviceCpu);
        using JsonDocument document = JsonDocument.Parse(text.Length > 0 ? text : "{}");
        return new(client.ExitCode, document.RootElement.Clone(), said, peak, cpu, CpuSeconds - serviceCpu);
    }

    public async ValueTask DisposeAsync()
    {
        using (Process interrupt = Process.Start("kill", ["-INT", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await interrupt.WaitForExitAsync();
        if (!_process.WaitForExit(10_000)) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static Process Start(string[] prefix, string stateHome, string[] arguments)
    {
        string program = Path.Combine("artifacts", "cli", "chunkstream.dll");
        string[] command = [.. prefix, "dotnet", program, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["XDG_STATE_HOME"] = start.Environment["XDG_DATA_HOME"] = stateHome;
        return Process.Start(start)!;
    }
}
