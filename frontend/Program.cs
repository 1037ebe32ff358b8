using System.Net;
using ChunkStream.Core.Erasure;
using ChunkStream.Frontend;
using ChunkStream.Frontend.Keys;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

// A frontend as a process of its own. Settings come from the section Frontend: --Frontend:DataDirectory=…, or Frontend__DataDirectory
// in the environment; where it listens from --urls, as with every ASP.NET Core program.
TimeSpan retryEvery = TimeSpan.FromSeconds(1);
try
{
    WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
    builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Orleans", LogLevel.Warning).AddFilter("Polly", LogLevel.Warning);
    FrontendOptions options = builder.Configuration.GetSection("Frontend").Get<FrontendOptions>() ?? new();
    builder.AddChunkStreamFrontend(options);
    if (options.ApiKeys.Count == 0) ApiKeyFile.Ensure(options.DataDirectory);

    // HTTP answers from the start, and says that it isn't ready until the cluster is there.
    builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
    builder.UseOrleansClient(client => FindSilos(client, options)
        .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId))
        .UseConnectionRetryFilter(RetryAsync));

    await using WebApplication app = builder.Build();
    app.MapChunkStreamFrontend();
    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (exception is OptionsValidationException or ErasureSelfTestException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return exception is OptionsValidationException ? 2 : 1;
}

static IClientBuilder FindSilos(IClientBuilder client, FrontendOptions options)
{
    if (options.MembershipDatabase.Length > 0)
        return client.UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = ("Npgsql", options.MembershipDatabase));
    IEnumerable<string> gateways = options.SiloGateways.Count > 0 ? options.SiloGateways : ["127.0.0.1:30000"];
    return client.UseStaticClustering([.. gateways.Select(IPEndPoint.Parse)]);
}

async Task<bool> RetryAsync(Exception exception, CancellationToken cancellationToken)
{
    await Task.Delay(retryEvery, cancellationToken);
    return true;
}
