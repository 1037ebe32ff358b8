using ChunkStream.Silo;
using ChunkStream.Silo.Database;
using ChunkStream.Silo.DataFolder;
using ChunkStream.Tests.Grains;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace ChunkStream.Tests.Silo;

public sealed class SiloCompositionTests
{
    [Fact]
    public void All_wrong_options_are_named_at_once()
    {
        OptionsValidationException refusal = Assert.Throws<OptionsValidationException>(
            () => Builder().AddChunkStreamSilo(new() { DataDirectory = " ", SiloPort = -1, ClientPort = 65536, ClusterId = "", ServiceId = "" }));
        Assert.Equal(5, refusal.Failures.Count());
        Assert.Contains("-1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("65536", refusal.Message, StringComparison.Ordinal);
        refusal = Assert.Throws<OptionsValidationException>(() => Builder().AddChunkStreamSilo(new() { DataDirectory = "x", SiloPort = 5, ClientPort = 5 }));
        Assert.Contains("differ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_silo_on_the_same_folder_is_refused()
    {
        await using TestSilo silo = await TestSilo.StartAsync();
        Assert.Throws<DataDirectoryInUseException>(() => Builder().AddChunkStreamSilo(new() { DataDirectory = silo.Folder }));
    }

    [Fact]
    public async Task A_schema_newer_than_the_program_stops_the_start()
    {
        string folder = Directory.CreateTempSubdirectory("chunkstream-newer-").FullName;
        await using (TestSilo silo = await TestSilo.StartAsync(folder))
        {
            // Only to have the database made.
        }
        using (SqliteConnection connection = new($"Data Source={Path.Combine(folder, "state.db")};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "INSERT INTO schema_version (ScriptName, Applied) VALUES ('9999-newer.sql', '2999-01-01')";
            command.ExecuteNonQuery();
        }
        HostApplicationBuilder builder = Builder();
        builder.AddChunkStreamSilo(new() { DataDirectory = folder });
        using (IHost host = builder.Build())
            await Assert.ThrowsAsync<SchemaException>(() => host.StartAsync());
        Directory.Delete(folder, recursive: true);
    }

    private static HostApplicationBuilder Builder() => new(new HostApplicationBuilderSettings { DisableDefaults = true });
}
