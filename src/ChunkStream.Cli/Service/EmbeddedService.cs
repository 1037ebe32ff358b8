using ChunkStream.Core.Erasure;
using ChunkStream.Frontend;
using ChunkStream.Gateway;
using ChunkStream.Sdk;
using ChunkStream.Silo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Cli.Service;

/// <summary>
/// The all-in-one service: the silo's, the gateway's and the frontend's own compositions in one host, where the frontend reaches
/// grains without leaving the process. Everything between a client and the disk is what a cluster runs.
/// </summary>
public sealed class EmbeddedService : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownWithin = TimeSpan.FromSeconds(15);

    private readonly WebApplication _app;

    private EmbeddedService(WebApplication app, ServiceOptions options, string apiKey) => (_app, DataDirectory, ApiKey) = (app, options.DataDirectory, apiKey);

    public string DataDirectory { get; }

    /// <summary>The data folder's key.</summary>
    public string ApiKey { get; }

    public string ApiKeyFile => Frontend.Keys.ApiKeyFile.PathIn(DataDirectory);

    /// <summary>Where chunks rest.</summary>
    public string VolumeDirectory => VolumeIn(DataDirectory);

    /// <summary>Where HTTP listens, with real ports.</summary>
    public IReadOnlyList<Uri> Urls { get; private set; } = [];

    public Uri Url => Urls[0];

    /// <summary>Where lanes are taken, with real ports.</summary>
    public IReadOnlyList<string> GatewayEndpoints { get; private set; } = [];

    /// <summary>Starts a service and returns when it takes files.</summary>
    /// <exception cref="ServiceStartException">It can't start: a port or the data folder is in use, or options don't fit.</exception>
    public static async Task<EmbeddedService> StartAsync(ServiceOptions options, CancellationToken cancellationToken)
    {
        EmbeddedService? service = null;
        try
        {
            PortCheck.Check(options);
            // Before anything is made: the parts that follow look again.
            ReedSolomon.SelfTest();
            MakeDataFolder(options.DataDirectory);
            service = Create(options);
            await service._app.StartAsync(cancellationToken);
            service.Urls = [.. service._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(url => new Uri(url))];
            service.GatewayEndpoints = service._app.Services.GatewayEndpoints();
            return service;
        }
        catch (Exception exception)
        {
            if (service is not null) await service.EndAsync();
            if (ServiceStartException.For(exception) is { } explained) throw explained;
            throw;
        }
    }

    /// <summary>Stops in order: HTTP and lanes first, then the last group's commit, then the silo.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // What had started when another part couldn't is stopped in order too.
    private async Task EndAsync()
    {
        using var limit = new CancellationTokenSource(ShutdownWithin);
        try
        {
            await StopAsync(limit.Token);
        }
#pragma warning disable CA1031 // The reason to end is on its way up, and matters more.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
        await DisposeAsync();
    }

    // The silo makes it too, but can't say by which option it was named.
    private static void MakeDataFolder(string path)
    {
        try
        {
            if (!Directory.Exists(path)) Silo.DataFolder.DataDirectory.Open(path).Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ServiceStartException.DataFolder(path, exception);
        }
    }

    private static EmbeddedService Create(ServiceOptions options)
    {
        // Nothing of the folder that the program was started in, nor of other programs' settings, belongs to the service.
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = "chunkstream",
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownWithin);
        // The command line takes the signals.
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        // API keys use nothing of the key ring that authentication brings and warns of.
        builder.Logging.ClearProviders().SetMinimumLevel(options.LogLevel).AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddSimpleConsole(console => console.SingleLine = true);

        // Takes the data folder, so the key is made by whoever holds it.
        var silo = new SiloOptions { DataDirectory = options.DataDirectory, GatewayMaxMbitPerSecond = options.MaxBytesPerSecond * 8 / 1e6 };
        builder.AddChunkStreamSilo(silo);
        string apiKey = Frontend.Keys.ApiKeyFile.Ensure(options.DataDirectory);
        builder.Services.AddLimitedGateway(SiloGateway.OptionsFor(silo) with
        {
            Listen = options.Gateways,
            EnableQuic = options.Transport != TransportChoice.Tls,
        });
        builder.AddChunkStreamFrontend(new FrontendOptions { DataDirectory = options.DataDirectory, Transport = options.Transport });
        WebApplication app = builder.Build();
        app.MapChunkStreamFrontend();
        return new(app, options, apiKey);
    }

    private static string VolumeIn(string dataDirectory) => Path.Combine(dataDirectory, "volume");

    private sealed class QuietLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
