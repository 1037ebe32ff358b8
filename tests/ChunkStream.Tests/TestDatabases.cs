using ChunkStream.Tests.Grains;

namespace ChunkStream.Tests;

/// <summary>This project's silos keep their state in SQLite.</summary>
internal static class TestDatabases
{
    public static bool ArePostgreSql => false;

    public static TestDatabase For(string folder) => new SqliteTestDatabase(folder);
}
