using ChunkStream.Silo.Database;
using DbUp;
using Npgsql;

namespace ChunkStream.Silo.PostgreSql;

/// <summary>Brings the state database to this program's schema: the scripts of <c>deploy/sql/postgresql</c>, each once, in order.</summary>
internal static class PostgreSqlSchema
{
    // Any number, as long as every version of the program takes the same.
    private const long UpgradeLock = 0x4368_756E_6B53_5131;

    /// <summary>Applies what is missing. Silos that start together do so one after the other.</summary>
    /// <exception cref="SchemaException">
    /// The database has scripts that this program doesn't know, a script failed, or the database can't be reached or used.
    /// </exception>
    public static void Apply(string connectionString)
    {
        // Connections of their own, which end with the upgrade, and the lock with them.
        NpgsqlConnectionStringBuilder settings = new(connectionString) { Pooling = false };
        string name = $"{settings.Database ?? settings.Username} on {settings.Host}:{settings.Port}";
        try
        {
            using NpgsqlConnection connection = new(settings.ConnectionString);
            connection.Open();
            using NpgsqlCommand takeLock = new("SELECT pg_advisory_lock($1)", connection);
            takeLock.Parameters.AddWithValue(UpgradeLock);
            takeLock.ExecuteNonQuery();
            SchemaUpgrade.Apply(
                DeployChanges.To.PostgresqlDatabase(settings.ConnectionString).JournalToPostgresqlTable(null, SchemaUpgrade.JournalTable),
                "PostgreSql", name);
        }
        catch (NpgsqlException exception)
        {
            throw new SchemaException($"The state database {name} can't be used: {exception.Message}", exception);
        }
    }
}
