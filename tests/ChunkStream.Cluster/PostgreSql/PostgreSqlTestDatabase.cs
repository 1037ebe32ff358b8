using System.Data.Common;
using ChunkStream.Silo.Database;
using ChunkStream.Tests.Grains;
using Npgsql;

namespace ChunkStream.Cluster.PostgreSql;

/// <summary>A database on a test server.</summary>
public sealed class PostgreSqlTestDatabase(PostgreSqlServer server, string name) : TestDatabase
{
    /// <summary>What the silo's connection string says beyond where the database is; empty where nothing.</summary>
    public string Further { get; init; } = "";

    public override DatabaseOptions Options => new()
    {
        Provider = DatabaseOptions.PostgreSql,
        ConnectionString = $"{server.ConnectionString(name)};Maximum Pool Size=20;{Further}",
    };

    public override void Delete() => server.Execute($"DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)");

    public override DbConnection Open()
    {
        NpgsqlConnection connection = new(server.ConnectionString(name) + ";Pooling=false");
        connection.Open();
        return connection;
    }
}
