using ChunkStream.Core.Erasure;
using ChunkStream.Gateway.Listening;
using ChunkStream.Silo;
using ChunkStream.Silo.Database;
using ChunkStream.Silo.DataFolder;
using ChunkStream.Silo.Operations;
using Microsoft.Extensions.Options;

// A silo as a process of its own. Settings come from the section Silo: --Silo:DataDirectory=…, or Silo__DataDirectory in the environment.
try
{
    WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
    builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
    builder.Services.AddOperations();
    // Where a frontend of its own looks for the silo, unless it is told otherwise.
    var options = new SiloOptions { ClientPort = 30000 };
    builder.Configuration.GetSection("Silo").Bind(options);
    builder.AddChunkStreamSilo(options);
    builder.Services.AddLimitedGateway(SiloGateway.OptionsFor(options));
    await using WebApplication app = builder.Build();
    app.MapOperations();
    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (exception is OptionsValidationException or ArgumentException or DataDirectoryInUseException or SchemaException or GatewayListenException or ErasureSelfTestException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return exception is OptionsValidationException or ArgumentException ? 2 : 1;
}
