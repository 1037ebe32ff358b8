using DbUp;
using DbUp.Engine;
using DbUp.Engine.Output;
using Microsoft.Data.Sqlite;

namespace ChunkStream.Silo.Sqlite;

/// <summary>Brings the state database to this program's schema: the scripts of <c>deploy/sql/sqlite</c>, each once, in order.</summary>
public static class SqliteSchema
{
    private const string JournalTable = "schema_version";
    private const string ScriptPrefix = "ChunkStream.Silo.Sql.Sqlite.";

    /// <summary>Applies what is missing. A database that is up to date is only read.</summary>
    /// <exception cref="SchemaException">
    /// The database has scripts that this program doesn't know, a script failed, or the file is no database or can't be used.
    /// </exception>
    public static void Apply(SqliteStateDataSource database)
    {
        try
        {
            ApplyMissing(database);
        }
        catch (SqliteException exception)
        {
            throw new SchemaException($"The state database {DatabasePath(database)} can't be used: {exception.Message}", exception);
        }
    }

    private static void ApplyMissing(SqliteStateDataSource database)
    {
        using (SqliteConnection connection = (SqliteConnection)database.OpenConnection())
        using (SqliteCommand command = connection.CreateCommand())
        {
            // Kept in the file: readers don't wait for the writer, and a commit is one flush.
            command.CommandText = "PRAGMA journal_mode = WAL;";
            command.ExecuteScalar();
        }

        UpgradeEngine engine = DeployChanges.To
            .SqliteDatabase(database.ConnectionString)
            .WithScripts(new SchemaScripts(ScriptPrefix))
            .JournalToSqliteTable(JournalTable)
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogTo(new NoOpUpgradeLog())
            .Build();

        List<string> unknown = engine.GetExecutedButNotDiscoveredScripts();
        if (unknown.Count > 0)
            throw new SchemaException(
                $"The state database {DatabasePath(database)} was used by a newer ChunkStream: this one doesn't know its schema script "
                + $"{string.Join(", ", unknown)}. Start the newer version, or use another data folder.");

        DatabaseUpgradeResult result = engine.PerformUpgrade();
        if (!result.Successful)
            throw new SchemaException(
                $"The schema script {result.ErrorScript?.Name ?? "(none)"} failed on the state database {DatabasePath(database)}: {result.Error.Message}",
                result.Error);
    }

    private static string DatabasePath(SqliteStateDataSource database) => new SqliteConnectionStringBuilder(database.ConnectionString).DataSource;
}
