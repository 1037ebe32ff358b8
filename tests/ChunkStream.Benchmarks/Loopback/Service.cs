using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace ChunkStream.Benchmarks.Loopback;

/// <summary>The all-in-one service in a process of its own, and clients that are run against it.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly string _stateHome;
    private readonly Process _process;

    private Service(string stateHome, Process process) => (_stateHome, _process) = (stateHome, process);

    public double PeakMiB => LoopbackBench.PeakMiB(_process);

    public static async Task<Service> StartAsync(string folder)
    {
        string stateHome = Path.Combine(folder, "state");
        int port = FreePort();
        Process process = Start(stateHome, ["serve", "--data", Path.Combine(folder, "data"), "--urls", $"http://127.0.0.1:{port}", "--gateway", $"127.0.0.1:{FreePort()}"]);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var http = new HttpClient();
        for (int attempt = 0; attempt < 600; attempt++)
        {
            try
            {
                using HttpResponseMessage ready = await http.GetAsync($"http://127.0.0.1:{port}/health/ready");
                if (ready.IsSuccessStatusCode) return new(stateHome, process);
            }
            catch (HttpRequestException)
            {
            }
            await Task.Delay(50);
        }
        process.Kill();
        throw new TimeoutException("The service wasn't ready within 30 s.");
    }

    public async Task<ClientRun> RunAsync(params string[] arguments)
    {
        using Process client = Start(_stateHome, arguments);
        Task<string> output = client.StandardOutput.ReadToEndAsync(), errors = client.StandardError.ReadToEndAsync();
        double peak = 0;
        while (!client.WaitForExit(20)) peak = Math.Max(peak, LoopbackBench.PeakMiB(client));
        string text = await output;
        using JsonDocument document = JsonDocument.Parse(text.Length > 0 ? text : "{}");
        return new(client.ExitCode, document.RootElement.Clone(), await errors, peak);
    }

    public async ValueTask DisposeAsync()
    {
        using (Process interrupt = Process.Start("kill", ["-INT", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await interrupt.WaitForExitAsync();
        if (!_process.WaitForExit(10_000)) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static Process Start(string stateHome, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine("src", "ChunkStream.Cli", "bin", "Release", "net10.0", "chunkstream.dll"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["XDG_STATE_HOME"] = start.Environment["XDG_DATA_HOME"] = stateHome;
        return Process.Start(start)!;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
