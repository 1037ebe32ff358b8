using System.Data.Common;
using ChunkStream.Silo.Database;
using ChunkStream.Tests.Grains;
using Microsoft.Data.Sqlite;

namespace ChunkStream.Tests;

/// <summary>The file in the silo's folder.</summary>
internal sealed class SqliteTestDatabase(string folder) : TestDatabase
{
    public override DatabaseOptions Options => new();

    public override void Delete()
    {
        // It goes with the folder.
    }

    public override DbConnection Open()
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "state.db"), Pooling = false }.ToString());
        connection.Open();
        return connection;
    }
}
