using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Cluster.PostgreSql;
using ChunkStream.Silo;
using ChunkStream.Tests;
using ChunkStream.Tests.Grains;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Benchmarks.Grains;

/// <summary>The service's own silo with a gateway that only announces itself, on a database of its own.</summary>
internal sealed class BenchSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly string _folder;
    // Orleans holds whom it calls weakly.
    private readonly FakeGateway _gateway = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _announcing = Task.CompletedTask;

    private BenchSilo(IHost host, string folder, TestDatabase database)
    {
        (_host, _folder, Database) = (host, folder, database);
        Grains = host.Services.GetRequiredService<IGrainFactory>();
    }

    public IGrainFactory Grains { get; }

    public TestDatabase Database { get; }

    public IServiceProvider Services => _host.Services;

    /// <param name="server">Null: SQLite.</param>
    public static async Task<BenchSilo> StartAsync(PostgreSqlServer? server)
    {
        string folder = Directory.CreateTempSubdirectory("chunkstream-bench-").FullName;
        TestDatabase database = server is null ? new SqliteTestDatabase(folder) : server.DatabaseFor(folder);
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Error);
        builder.AddChunkStreamSilo(new() { DataDirectory = folder, Database = database.Options });
        IHost host = builder.Build();
        await host.StartAsync();
        BenchSilo silo = new(host, folder, database);
        await silo.AnnounceAsync();
        silo._announcing = silo.AnnounceAgainAsync();
        return silo;
    }

    /// <summary>Creates a transfer that sends; a gibibyte in chunks of 64 KiB where nothing else is said.</summary>
    public async Task<TransferOpening> CreateAsync(int number, long sizeBytes = 1L << 30)
    {
        Outcome<TransferOpening> opening = await Grains.GetGrain<ITransferGrain>(Guid.CreateVersion7()).CreateAsync(new()
        {
            Owner = TestFiles.Owner,
            Direction = TransferDirection.Send,
            Name = $"file-{number}",
            SizeBytes = sizeBytes,
            Fingerprint = $"fingerprint-{number}",
            ChunkBytes = TestFiles.ChunkBytes,
            DataShards = 10,
            ParityShards = 3,
        });
        return opening.Value ?? throw new InvalidOperationException(opening.Failure!.ToString());
    }

    public ITransferGrain Transfer(TransferOpening opening) => Grains.GetGrain<ITransferGrain>(opening.Transfer.Id);

    public ISessionGrain Session(TransferOpening opening) => Grains.GetGrain<ISessionGrain>(opening.Plan.SessionId);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _announcing;
        _stopping.Dispose();
        await _host.StopAsync();
        if (_host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        Database.Delete();
        Directory.Delete(_folder, recursive: true);
    }

    private Task AnnounceAsync() => _gateway.AnnounceAsync(Grains, freeBytes: 1L << 60);

    // As a gateway does, or the directory forgets it.
    private async Task AnnounceAgainAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await Task.Delay(IGatewayDirectoryGrain.AnnounceEvery, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!_stopping.IsCancellationRequested) await AnnounceAsync();
        }
    }
}
