using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace ChunkStream.Silo.Sqlite;

/// <summary>Opens connections to the state database, each with the settings that the service counts on. Thread-safe.</summary>
public sealed class SqliteStateDataSource : DbDataSource
{
    // What SQLite keeps per connection: wait for another writer in the library (it looks again within milliseconds, the driver
    // only every 150), and have every commit on the disk before it is told: DESIGN's order ends with "recorded, then told".
    private const string ConnectionSettings = "PRAGMA busy_timeout = 15000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";

    /// <param name="path">The database file; it is made where it doesn't exist.</param>
    public SqliteStateDataSource(string path) =>
        ConnectionString = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = true }.ToString();

    public override string ConnectionString { get; }

    /// <summary>Closes the pooled connections, so that the file is free.</summary>
    public void ClearPool()
    {
        using SqliteConnection connection = new(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }

    protected override DbConnection CreateDbConnection() => new SqliteConnection(ConnectionString);

    protected override DbConnection OpenDbConnection()
    {
        SqliteConnection connection = new(ConnectionString);
        try
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = ConnectionSettings;
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    protected override ValueTask<DbConnection> OpenDbConnectionAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(OpenDbConnection());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) ClearPool();
        base.Dispose(disposing);
    }
}
