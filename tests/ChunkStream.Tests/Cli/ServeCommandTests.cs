using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ChunkStream.Cli;
using ChunkStream.Cli.Running;
using ChunkStream.Cli.Service;
using Xunit;

namespace ChunkStream.Tests.Cli;

public sealed class ServeCommandTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Dictionary<string, string?> _variables;

    public ServeCommandTests() => _variables = new() { ["XDG_STATE_HOME"] = _folder["state"], ["XDG_DATA_HOME"] = _folder["home"] };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_service_runs_is_found_keeps_its_folder_and_stops()
    {
        using var interrupt = new CancellationTokenSource();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var environment = new CliEnvironment { Out = TextWriter.Synchronized(output), Error = TextWriter.Synchronized(error), Variable = name => _variables.GetValueOrDefault(name) };
        Task<int> serving = CommandLine.RunAsync(["serve", "--urls", "http://127.0.0.1:0", "--gateway", "127.0.0.1:0", "--json"], environment, interrupt.Token);
        await Frontend.Eventually.TrueAsync(() => serving.IsCompleted || output.ToString().Length > 0, "the service tells where it listens");
        Assert.False(serving.IsCompleted, error.ToString());

        JsonElement told = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal(_folder["home/chunkstream"], told.GetProperty("dataDirectory").GetString());
        Assert.Matches("^sha256:[0-9a-f]{64}$", told.GetProperty("fingerprint").GetString());
        Assert.Equal(Environment.ProcessId, told.GetProperty("pid").GetInt32());
        Assert.Equal(0, (await CliRun.RunAsync(["ls", "--json"], _variables)).ExitCode);

        CliRun second = await CliRun.RunAsync(["serve", "--urls", "http://127.0.0.1:0", "--gateway", "127.0.0.1:0", "--json"], _variables);
        Assert.Equal((1, "conflict"), (second.ExitCode, second.Json.GetProperty("error").GetProperty("code").GetString()));
        Assert.Contains($"process {Environment.ProcessId}", second.Error, StringComparison.Ordinal);

        int port = new Uri(told.GetProperty("urls")[0].GetString()!).Port;
        CliRun busy = await CliRun.RunAsync(["serve", "--data", _folder["other"], "--urls", $"http://127.0.0.1:{port}", "--gateway", "127.0.0.1:0", "--json"], _variables);
        Assert.Equal(1, busy.ExitCode);
        Assert.Contains($"{port}", busy.Error, StringComparison.Ordinal);
        Assert.Contains("--urls", busy.Error, StringComparison.Ordinal);

        await interrupt.CancelAsync();
        Assert.Equal(0, await serving.WaitAsync(TimeSpan.FromSeconds(30)));
        CliRun gone = await CliRun.RunAsync(["ls", "--json"], _variables);
        Assert.Equal((3, "unreachable"), (gone.ExitCode, gone.Json.GetProperty("error").GetProperty("code").GetString()));
    }

    [Theory]
    [InlineData("--urls=nonsense", 2, "nonsense")]
    [InlineData("--gateway=nonsense", 2, "nonsense")]
    [InlineData("--gateway=192.0.2.1:0", 1, "192.0.2.1 is not an address of this machine")]
    public async Task What_it_cannot_listen_on_is_named(string option, int exitCode, string says)
    {
        string other = option.StartsWith("--urls", StringComparison.Ordinal) ? "--gateway=127.0.0.1:0" : "--urls=http://127.0.0.1:0";
        CliRun run = await CliRun.RunAsync(["serve", other, option, "--json"], _variables);
        Assert.True(exitCode == run.ExitCode, run.Error);
        Assert.Contains(says, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_is_named_with_the_option()
    {
        await File.WriteAllTextAsync(_folder["file"], "x");
        CliRun run = await CliRun.RunAsync(["serve", "--data", _folder["file"], "--urls", "http://127.0.0.1:0", "--gateway", "127.0.0.1:0"], _variables);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"chunkstream: The data folder '{_folder["file"]}' can't be used: it is a file. Choose another with --data. (conflict)", run.Error.Trim());
    }

    [Theory]
    [InlineData(SocketType.Stream, ProtocolType.Tcp)]
    [InlineData(SocketType.Dgram, ProtocolType.Udp)]
    public async Task A_busy_gateway_port_is_named_with_the_option(SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, type, protocol);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (type == SocketType.Stream) socket.Listen();
        int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        CliRun run = await CliRun.RunAsync(["serve", "--urls", "http://127.0.0.1:0", "--gateway", $"127.0.0.1:{port}"], _variables);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"chunkstream: Port {port} of 127.0.0.1 is in use by another program. Choose another with --gateway. (conflict)", run.Error.Trim());
    }

    [Fact]
    public async Task A_start_that_fails_leaves_the_folder_free()
    {
        var options = new ServiceOptions { DataDirectory = _folder["data"], Urls = ["http://127.0.0.1:0"], Gateways = ["127.0.0.1:0"], LogLevel = Microsoft.Extensions.Logging.LogLevel.None };
        Directory.CreateDirectory(_folder["data/volume"]);
        await File.WriteAllTextAsync(_folder["data/gateway"], "a file where a folder belongs");
        await Assert.ThrowsAsync<ServiceStartException>(() => EmbeddedService.StartAsync(options, default));
        File.Delete(_folder["data/gateway"]);
        await using EmbeddedService service = await EmbeddedService.StartAsync(options, default);
        Assert.NotEmpty(service.GatewayEndpoints);
        await service.StopAsync(default);
    }
}
