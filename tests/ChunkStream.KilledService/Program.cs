using ChunkStream.Frontend;
using ChunkStream.Frontend.Keys;
using ChunkStream.Gateway;
using ChunkStream.KilledService;
using ChunkStream.Silo;
using ChunkStream.Storage;
using Orleans.Storage;

// The whole service in one process, which kills itself at one place of a chunk's way: --KillAt=flushed:3 is after the third flush and before
// what it flushed is recorded. The service's own parts; only the store and the grain storage are looked at as they are called.
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var killPoint = KillPoint.Parse(builder.Configuration["KillAt"] ?? "");
SiloOptions silo = builder.Configuration.GetSection("Silo").Get<SiloOptions>()!;
builder.AddChunkStreamSilo(silo);
builder.Services.AddChunkStreamGateway(SiloGateway.OptionsFor(silo) with { CommitMiB = 1 });
builder.AddChunkStreamFrontend(new() { DataDirectory = silo.DataDirectory });
ApiKeyFile.Ensure(silo.DataDirectory);
Wrap<IShardStore>(null, store => new WatchedShardStore(store, killPoint));
Wrap<IGrainStorage>("Default", storage => new WatchedGrainStorage(storage, killPoint));

await using WebApplication app = builder.Build();
app.MapChunkStreamFrontend();
await app.RunAsync();

void Wrap<T>(object? key, Func<T, T> wrap) where T : class
{
    ServiceDescriptor real = builder.Services.Single(service => service.ServiceType == typeof(T) && Equals(service.ServiceKey, key));
    builder.Services.Remove(real);
    builder.Services.Add(key is null
        ? ServiceDescriptor.Singleton<T>(services => wrap((T)real.ImplementationFactory!(services)))
        : ServiceDescriptor.KeyedSingleton<T>(key, (services, name) => wrap((T)real.KeyedImplementationFactory!(services, name))));
}
