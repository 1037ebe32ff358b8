using System.Diagnostics;
using System.Text;
using ChunkStream.Silo.Database;
using ChunkStream.Tests;
using ChunkStream.Tests.Grains;
using Xunit;

namespace ChunkStream.Cluster;

/// <summary>A silo or a frontend as a process of its own, which can be killed, and started again as it was.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly string[] _arguments;
    private readonly StringBuilder _output = new();
    private Process? _process;

    private ServiceProcess(string program, string[] arguments)
    {
        Url = new($"http://127.0.0.1:{FreePort.Next()}");
        _arguments = [ProgramFile(program), "--urls", Url.ToString(), .. arguments];
    }

    public Uri Url { get; }

    public static ServiceProcess Silo(string folder, string connectionString) => new("silo/ChunkStream.Silo",
    [
        $"--Silo:DataDirectory={folder}", "--Silo:Database:Provider=postgresql", $"--Silo:Database:ConnectionString={connectionString}",
        $"--Silo:SiloPort={FreePort.Next()}", $"--Silo:ClientPort={FreePort.Next()}", $"--Silo:GatewayListen:0=127.0.0.1:{FreePort.Next()}",
    ]);

    public static ServiceProcess Frontend(string folder, string connectionString) => new("frontend/ChunkStream.Frontend",
        [$"--Frontend:DataDirectory={folder}", $"--Frontend:MembershipDatabase={connectionString}"]);

    /// <summary>The whole service in one process, which can be told where to kill itself.</summary>
    public static ServiceProcess ToBeKilled(string folder, DatabaseOptions database) => new("tests/ChunkStream.KilledService/ChunkStream.KilledService",
    [
        $"--Silo:DataDirectory={folder}", $"--Silo:Database:Provider={database.Provider}", $"--Silo:Database:ConnectionString={database.ConnectionString}",
        $"--Silo:SiloPort={FreePort.Next()}", $"--Silo:ClientPort={FreePort.Next()}", $"--Silo:GatewayListen:0=127.0.0.1:{FreePort.Next()}",
    ]);

    /// <summary>Starts it, or starts it again.</summary>
    public void Start(params string[] further)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[.. _arguments, .. further]) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public async Task ReadyAsync()
    {
        using HttpClient http = new() { BaseAddress = Url };
        await Eventually.GetAsync($"{_arguments[0]} to be ready", async () =>
        {
            if (_process!.HasExited) Assert.Fail($"{_arguments[0]} ended:\n{Output}");
            try
            {
                using HttpResponseMessage response = await http.GetAsync("/health/ready");
                return response.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, ready => ready);
    }

    /// <summary>SIGKILL: no handler runs.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>SIGTERM, as an orchestrator ends a process; answers its exit code.</summary>
    public async Task<int> StopAsync()
    {
        using (Process kill = Process.Start("kill", ["-TERM", $"{_process!.Id}"])) await kill.WaitForExitAsync();
        return await ExitAsync();
    }

    public async Task<int> ExitAsync()
    {
        await Eventually.DoneAsync($"{_arguments[0]} to end", _process!.WaitForExitAsync());
        return _process.ExitCode;
    }

    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    public void Dispose()
    {
        if (_process is null) return;
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }

    private void Note(string? line)
    {
        lock (_output) _output.AppendLine(line);
    }

    // Beside this assembly's own folder: bin/<configuration>/<framework> is the same for all projects.
    private static string ProgramFile(string program)
    {
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string folder = Path.Combine(Repository.Root, Path.GetDirectoryName(program)!, "bin", framework.Parent!.Name, framework.Name);
        return Path.Combine(folder, Path.GetFileName(program) + ".dll");
    }
}
