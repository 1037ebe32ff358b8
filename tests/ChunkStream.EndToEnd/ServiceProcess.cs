using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using ChunkStream.Tests;

namespace ChunkStream.EndToEnd;

/// <summary>The real all-in-one service in a process of its own, which can be killed and started again on the same data and ports.</summary>
internal sealed class ServiceProcess : IDisposable
{
    private readonly string _dataDirectory;
    private readonly Dictionary<string, string> _environment;
    private readonly int _httpPort = FreePort.Next(), _firstGatewayPort = FreePort.Next(), _secondGatewayPort = FreePort.Next();
    private CommandLine? _process;

    /// <param name="dataDirectory">The service's data folder.</param>
    /// <param name="stateHome">Where the service notes that it runs: not this machine's user's own place.</param>
    public ServiceProcess(string dataDirectory, string stateHome)
    {
        _dataDirectory = dataDirectory;
        _environment = new() { ["XDG_STATE_HOME"] = stateHome, ["XDG_DATA_HOME"] = stateHome };
    }

    public Uri Url => new($"http://127.0.0.1:{_httpPort}");

    public string ApiKey => File.ReadAllText(Path.Combine(_dataDirectory, "api-key")).Trim();

    public IReadOnlyDictionary<string, string> Environment => _environment;

    public CommandLine Process => _process!;

    /// <summary>Starts the service, or starts it again, and waits until it takes transfers.</summary>
    public async Task StartAsync()
    {
        _process = CommandLine.Start(Arguments, _environment);
        using var http = new HttpClient { BaseAddress = Url };
        await Wait.UntilAsync(
            async () =>
            {
                Assert.False(_process.HasExited, $"The service ended at its start:\n{_process.Output}\n{_process.Errors}");
                try
                {
                    using HttpResponseMessage ready = await http.GetAsync("/health/ready");
                    return ready.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "the service is ready", seconds: 60);
    }

    public string[] Arguments =>
    [
        "serve", "--data", _dataDirectory, "--urls", Url.ToString(), "--gateway", $"127.0.0.1:{_firstGatewayPort}",
        "--gateway", $"127.0.0.2:{_secondGatewayPort}",
    ];

    public void Kill()
    {
        _process!.Kill();
        _process.Dispose();
    }

    public ChunkStreamClient Client(TransportChoice transport = TransportChoice.Auto) =>
        new(new HttpControlPlane(Url, ApiKey), new() { Transport = transport });

    public void Dispose() => _process?.Dispose();
}
