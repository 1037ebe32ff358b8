using ChunkStream.Cluster.PostgreSql;
using ChunkStream.Tests.Grains;

namespace ChunkStream.Tests;

/// <summary>This project's silos keep their state in PostgreSQL: each folder's in a database of its own, on one server for the whole run.</summary>
internal static class TestDatabases
{
    public static bool ArePostgreSql => true;

    public static TestDatabase For(string folder) => PostgreSqlServer.Shared.DatabaseFor(folder);
}
