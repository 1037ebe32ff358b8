using ChunkStream.Cli.Service;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Cli.Demo;

/// <summary>The service that the demonstration runs, stops and starts again, and a client that speaks HTTP and lanes to it.</summary>
internal sealed class DemoService(string dataDirectory, TransportChoice transport) : IAsyncDisposable
{
    // Two addresses of this machine are two paths.
    private static readonly string[] Gateways = ["127.0.0.1:0", "127.0.0.2:0"];

    private EmbeddedService? _service;
    private HttpControlPlane? _control;

    public IControlPlane Control => _control ?? throw new InvalidOperationException("The service isn't running.");

    public string VolumeDirectory => _service!.VolumeDirectory;

    public IReadOnlyList<string> GatewayEndpoints => _service!.GatewayEndpoints;

    public Uri Url => _service!.Url;

    public ChunkStreamClientOptions ClientOptions { get; } = new() { Transport = transport };

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _service = await EmbeddedService.StartAsync(
            new()
            {
                DataDirectory = dataDirectory,
                Urls = ["http://127.0.0.1:0"],
                Gateways = Gateways,
                Transport = transport,
                // The losses are on purpose; what the service says of them would only stand between the lines.
                LogLevel = LogLevel.Critical,
            },
            cancellationToken);
        _control = new(_service.Url, _service.ApiKey);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_service is not { } service) return;
        _control?.Dispose();
        (_service, _control) = (null, null);
        try
        {
            await service.StopAsync(cancellationToken);
        }
        finally
        {
            await service.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);
}
