using System.Net;
using ChunkStream.Cluster.PostgreSql;
using ChunkStream.Silo;
using ChunkStream.Silo.Database;
using ChunkStream.Silo.PostgreSql;
using ChunkStream.Tests;
using ChunkStream.Tests.Grains;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace ChunkStream.Cluster;

public sealed class PostgreSqlSchemaTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chunkstream-schema-").FullName;
    private readonly PostgreSqlTestDatabase _database;

    public PostgreSqlSchemaTests() => _database = PostgreSqlServer.Shared.DatabaseFor(_folder);

    public void Dispose()
    {
        _database.Delete();
        Directory.Delete(_folder, recursive: true);
    }

    private static IReadOnlyList<string> Scripts => [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy", "sql", "postgresql"), "*.sql")
        .Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Silos_that_start_at_once_apply_every_script_once()
    {
        string connectionString = _database.Options.ConnectionString;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => PostgreSqlSchema.Apply(connectionString))));
        Assert.Equal(Scripts, _database.Query("SELECT scriptname FROM schema_version ORDER BY scriptname"));
    }

    [Fact]
    public async Task A_schema_newer_than_the_program_stops_the_start_and_is_left_alone()
    {
        PostgreSqlSchema.Apply(_database.Options.ConnectionString);
        _database.Execute("INSERT INTO schema_version (scriptname, applied) VALUES ('9999-from-the-future.sql', '2999-01-01')");
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.AddChunkStreamSilo(new() { DataDirectory = _folder, Database = _database.Options });
        using IHost host = builder.Build();
        SchemaException refusal = await Assert.ThrowsAsync<SchemaException>(() => host.StartAsync());
        Assert.Contains("9999-from-the-future.sql", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("newer", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(_folder), refusal.Message, StringComparison.Ordinal);
        Assert.Equal(Scripts.Count + 1, _database.Query("SELECT scriptname FROM schema_version").Count);
    }

    [Fact]
    public void One_grains_state_is_searched_by_its_whole_key_however_many_grains_have_texts_as_keys()
    {
        PostgreSqlSchema.Apply(_database.Options.ConnectionString);
        _database.Execute("""
            INSERT INTO grain_state (id_hash, type_hash, id_n0, id_n1, id_extension, type, service_id, version, payload, modified_at)
            SELECT number, 1, 0, 0, 'key-' || number, 'transfer-key', 's', 1, '', 0 FROM generate_series(1, 1000) number
            """);
        string search = _database.Query("SELECT querytext FROM orleansquery WHERE querykey = 'ReadFromStorageKey'")[0];
        foreach (var (parameter, value) in new Dictionary<string, string>
        {
            ["@GrainIdHash"] = "7",
            ["@GrainTypeHash"] = "1",
            ["@GrainIdN0"] = "0",
            ["@GrainIdN1"] = "0",
            ["@GrainIdExtensionString"] = "'key-7'",
            ["@GrainTypeString"] = "'transfer-key'",
            ["@ServiceId"] = "'s'",
        }) search = search.Replace(parameter, value, StringComparison.Ordinal);
        string plan = string.Join("\n", _database.Query("EXPLAIN " + search));
        Assert.Contains("grain_state_key", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("grain_state_by_type", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_process_says_why_it_does_not_start()
    {
        PostgreSqlSchema.Apply(_database.Options.ConnectionString);
        _database.Execute("INSERT INTO schema_version (scriptname, applied) VALUES ('9999-from-the-future.sql', '2999-01-01')");
        using ServiceProcess silo = ServiceProcess.Silo(_folder, _database.Options.ConnectionString);
        silo.Start();
        Assert.Equal(1, await silo.ExitAsync());
        Assert.Contains("9999-from-the-future.sql", silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_cannot_be_reached_is_named_and_its_password_is_not()
    {
        int port = FreePort.Next();
        SchemaException refusal = Assert.Throws<SchemaException>(
            () => PostgreSqlSchema.Apply($"Host={IPAddress.Loopback};Port={port};Database=nowhere;Username=u;Password=geheim;Timeout=2"));
        Assert.Contains($"nowhere on 127.0.0.1:{port}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silos_on_one_database_sign_tickets_with_one_key()
    {
        await using TestSilo first = await TestSilo.StartAsync(Path.Combine(_folder, "first"), database: _database);
        await using TestSilo second = await TestSilo.StartAsync(Path.Combine(_folder, "second"), database: _database, announce: false);
        var opening = await first.CreateAsync();
        (await second.Tickets.VerifyAsync(opening.Ticket)).Ok();
        // And a grain is one grain, whichever silo is asked.
        (await second.Transfer(opening.Transfer.Id).PauseAsync(TestFiles.Owner)).Ok();
        Assert.Equal(Abstractions.Transfers.TransferState.Paused, (await first.GetAsync(opening)).State);
    }
}
