using ChunkStream.Gateway;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Orleans;
using ChunkStream.Silo;
using ChunkStream.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ChunkStream.EndToEnd;

/// <summary>A real silo with a real gateway in this process, on a data folder that outlives it.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Service(WebApplication app) => _app = app;

    public IReadOnlyList<string> GatewayEndpoints => _app.Services.GatewayEndpoints();

    public void LimitGateway(double maxMbitPerSecond) => _app.Services.LimitGateway(maxMbitPerSecond);

    public static async Task<Service> StartAsync(string dataDirectory, Func<GatewayOptions, GatewayOptions>? configure = null, int clientPort = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(Environment.GetEnvironmentVariable("CHUNKSTREAM_TEST_LOG") is null ? LogLevel.Warning : LogLevel.Debug);
        builder.AddChunkStreamSilo(new SiloOptions { DataDirectory = dataDirectory, ClientPort = clientPort });
        var options = new GatewayOptions
        {
            DataDirectory = dataDirectory,
            Volumes = [new VolumeOptions { Id = "main", Path = Path.Combine(dataDirectory, "volume") }],
            Listen = ["127.0.0.1:0", "127.0.0.2:0"],
        };
        builder.Services.AddChunkStreamGateway(configure?.Invoke(options) ?? options);
        WebApplication app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        return new(app);
    }

    public ChunkStreamClient Client(TransportChoice transport = TransportChoice.Auto, long maxBytesPerSecond = 0, int tlsLanes = 4) => new(
        new OrleansControlPlane(_app.Services.GetRequiredService<IGrainFactory>(), "tester"),
        new ChunkStreamClientOptions { Transport = transport, MaxBytesPerSecond = maxBytesPerSecond, TlsLanes = tlsLanes },
        _app.Services.GetRequiredService<ILoggerFactory>());

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
