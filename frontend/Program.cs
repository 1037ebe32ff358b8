using System.Net;
using ChunkStream.Frontend;
using ChunkStream.Frontend.Keys;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
var options = new FrontendOptions();
builder.Configuration.GetSection("Frontend").Bind(options);

// Kestrel answers from the start, and says that it isn't ready until the cluster is there.
builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
builder.AddChunkStreamFrontend(options);
if (options.ApiKeys.Count == 0) ApiKeyFile.Ensure(options.DataDirectory);
builder.UseOrleansClient(client =>
{
    client.UseStaticClustering([.. SiloGateways().Select(IPEndPoint.Parse)]);
    client.UseConnectionRetryFilter(async (_, cancellationToken) =>
    {
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        return true;
    });
});

await using WebApplication app = builder.Build();
app.MapChunkStreamFrontend();
await app.RunAsync();

IEnumerable<string> SiloGateways() => options.SiloGateways.Count > 0 ? options.SiloGateways : ["127.0.0.1:30000"];
