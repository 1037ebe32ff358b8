using ChunkStream.Silo;
using ChunkStream.Silo.DataFolder;
using ChunkStream.Silo.Operations;
using ChunkStream.Silo.Sqlite;
using Microsoft.Extensions.Options;

// A silo as a process of its own. Settings come from the section Silo: --Silo:DataDirectory=…, or Silo__DataDirectory in the environment.
try
{
    WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
    builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
    builder.Services.AddOperations();
    builder.AddChunkStreamSilo(builder.Configuration.GetSection("Silo").Get<SiloOptions>() ?? new());
    await using WebApplication app = builder.Build();
    app.MapOperations();
    await app.RunAsync();
    return 0;
}
catch (Exception exception) when (exception is OptionsValidationException or DataDirectoryInUseException or SchemaException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return exception is OptionsValidationException ? 2 : 1;
}
