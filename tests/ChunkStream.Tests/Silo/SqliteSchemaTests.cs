using ChunkStream.Silo.Database;
using ChunkStream.Silo.Sqlite;
using Microsoft.Data.Sqlite;
using Xunit;

namespace ChunkStream.Tests.Silo;

public sealed class SqliteSchemaTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chunkstream-schema-").FullName;
    private readonly SqliteStateDataSource _database;

    public SqliteSchemaTests() => _database = new(Path.Combine(_folder, "state.db"));

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Scripts_are_applied_once_and_in_order()
    {
        SqliteSchema.Apply(_database);
        SqliteSchema.Apply(_database);
        Assert.Equal("0001-grain-state.sql,0002-catalogue.sql,0003-reminders.sql,0004-path-counters.sql,0005-transfers-by-age.sql,0006-catalogue-filters.sql", Query("SELECT group_concat(ScriptName) FROM (SELECT ScriptName FROM schema_version ORDER BY 1)"));
    }

    [Fact]
    public void A_database_with_a_script_that_the_program_does_not_know_is_refused_and_left_alone()
    {
        SqliteSchema.Apply(_database);
        Query("INSERT INTO schema_version (ScriptName, Applied) VALUES ('9999-from-the-future.sql', '2999-01-01') RETURNING 1");
        SchemaException refusal = Assert.Throws<SchemaException>(() => SqliteSchema.Apply(_database));
        Assert.Contains("9999-from-the-future.sql", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("newer", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("state.db", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        File.WriteAllText(Path.Combine(_folder, "other.db"), new string('x', 8192));
        using SqliteStateDataSource other = new(Path.Combine(_folder, "other.db"));
        SchemaException refusal = Assert.Throws<SchemaException>(() => SqliteSchema.Apply(other));
        Assert.Contains("other.db", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Connections_have_the_settings_that_durability_counts_on()
    {
        SqliteSchema.Apply(_database);
        Assert.Equal("wal", Query("PRAGMA journal_mode"));
        Assert.Equal("2", Query("PRAGMA synchronous"));
        Assert.Equal("1", Query("PRAGMA foreign_keys"));
        Assert.NotEqual("0", Query("PRAGMA busy_timeout"));
    }

    private string? Query(string sql)
    {
        using SqliteConnection connection = (SqliteConnection)_database.OpenConnection();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar()?.ToString();
    }
}
