using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Tickets;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Grains;
using ChunkStream.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace ChunkStream.Tests.Grains;

/// <summary>The service's own silo on a real database and in a folder of its own, with a fake gateway and a storage that can fail.</summary>
public sealed class TestSilo : IAsyncDisposable
{
    private readonly bool _ownsFolder;

    private TestSilo(IHost host, string folder, bool ownsFolder, TestDatabase database)
    {
        (Host, Folder, _ownsFolder, Database) = (host, folder, ownsFolder, database);
        Grains = host.Services.GetRequiredService<IGrainFactory>();
        Storage = (FaultyStorage)host.Services.GetRequiredKeyedService<IGrainStorage>("Default");
        Tickets = host.Services.GetRequiredService<TicketAuthority>();
    }

    public IHost Host { get; }

    public string Folder { get; }

    public TestDatabase Database { get; }

    public IGrainFactory Grains { get; }

    public TicketAuthority Tickets { get; }

    internal FaultyStorage Storage { get; }

    internal FakeGateway Gateway { get; } = new();

    internal ICatalogGrain Catalog => Grains.GetGrain<ICatalogGrain>(0);

    /// <summary>Starts a silo in a new folder, or in one that another silo has left behind.</summary>
    /// <param name="database">Null: this test project's, as the folder's name says.</param>
    public static async Task<TestSilo> StartAsync(
        string? folder = null, TimeProvider? time = null, bool announce = true, TransferOptions? transfers = null, TestDatabase? database = null,
        string clusterId = "chunkstream")
    {
        bool ownsFolder = folder is null;
        folder ??= Directory.CreateTempSubdirectory("chunkstream-silo-").FullName;
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Warning);
        if (time is not null) builder.Services.AddSingleton(time);
        database ??= TestDatabases.For(folder);
        builder.AddChunkStreamSilo(new() { DataDirectory = folder, Transfers = transfers ?? new(), Database = database.Options, ClusterId = clusterId });
        WrapStorage(builder.Services);
        IHost host = builder.Build();
        await host.StartAsync();
        TestSilo silo = new(host, folder, ownsFolder, database);
        if (announce) await silo.Gateway.AnnounceAsync(silo.Grains);
        return silo;
    }

    public ITransferGrain Transfer(Guid id) => Grains.GetGrain<ITransferGrain>(id);

    public ISessionGrain Session(Guid id) => Grains.GetGrain<ISessionGrain>(id);

    public IFileGrain File(Guid id) => Grains.GetGrain<IFileGrain>(id);

    /// <summary>Stops the silo and keeps its folder; a silo that is started in it finds what was durable.</summary>
    public async Task StopAsync()
    {
        await Host.StopAsync();
        await DisposeHostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Storage.Heal();
        await StopAsync();
        if (!_ownsFolder) return;
        Database.Delete();
        Directory.Delete(Folder, recursive: true);
    }

    private async ValueTask DisposeHostAsync()
    {
        if (Host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else Host.Dispose();
    }

    private static void WrapStorage(IServiceCollection services)
    {
        ServiceDescriptor real = services.Single(service => service.ServiceType == typeof(IGrainStorage) && service.ServiceKey is "Default");
        services.Remove(real);
        services.AddKeyedSingleton<IGrainStorage>("Default", (provider, key) => new FaultyStorage((IGrainStorage)real.KeyedImplementationFactory!(provider, key)));
    }
}
