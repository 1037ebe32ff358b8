using ChunkStream.Silo.Database;
using DbUp;
using Microsoft.Data.Sqlite;

namespace ChunkStream.Silo.Sqlite;

/// <summary>Brings the state database to this program's schema: the scripts of <c>deploy/sql/sqlite</c>, each once, in order.</summary>
public static class SqliteSchema
{
    /// <summary>Applies what is missing. A database that is up to date is only read.</summary>
    /// <exception cref="SchemaException">
    /// The database has scripts that this program doesn't know, a script failed, or the file is no database or can't be used.
    /// </exception>
    public static void Apply(SqliteStateDataSource database)
    {
        string path = new SqliteConnectionStringBuilder(database.ConnectionString).DataSource;
        try
        {
            KeepWriteAheadLog(database);
            SchemaUpgrade.Apply(
                DeployChanges.To.SqliteDatabase(database.ConnectionString).JournalToSqliteTable(SchemaUpgrade.JournalTable), "Sqlite", path);
        }
        catch (SqliteException exception)
        {
            throw new SchemaException($"The state database {path} can't be used: {exception.Message}", exception);
        }
    }

    // Kept in the file: readers don't wait for the writer, and a commit is one flush.
    private static void KeepWriteAheadLog(SqliteStateDataSource database)
    {
        using SqliteConnection connection = (SqliteConnection)database.OpenConnection();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL;";
        command.ExecuteScalar();
    }
}
