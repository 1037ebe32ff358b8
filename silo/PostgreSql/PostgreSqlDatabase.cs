using System.Data.Common;
using System.Security.Cryptography;
using ChunkStream.Abstractions.Tickets;
using ChunkStream.Silo.Database;
using Npgsql;

namespace ChunkStream.Silo.PostgreSql;

/// <summary>A PostgreSQL database that the silos of a cluster share.</summary>
internal sealed class PostgreSqlDatabase(string connectionString, string serviceId) : StateDatabase
{
    private const string TicketKeyName = "ticket-key";

    // Commits that come together share a flush of the server's log, so writers that wait cost little; more than this only queue there.
    private const int MostWriters = 32;

    private readonly NpgsqlDataSource _dataSource = NpgsqlDataSource.Create(WithDefaults(connectionString));

    public override string Invariant => "Npgsql";

    public override DbDataSource DataSource => _dataSource;

    // At least half of the connections remain for those who read, and for membership, which must not wait for anybody.
    public override int Writers => Math.Clamp(new NpgsqlConnectionStringBuilder(_dataSource.ConnectionString).MaxPoolSize / 2, 1, MostWriters);

    // Until the transaction ends, which the statements that are sent together share.
    public override string Unflushed => "SELECT set_config('synchronous_commit', 'off', true);";

    public override byte[] ReadOrCreateTicketKey()
    {
        EnsureSchema();
        try
        {
            using NpgsqlConnection connection = _dataSource.OpenConnection();
            using (NpgsqlCommand create = new(
                "INSERT INTO service_secrets (service_id, name, value) VALUES ($1, $2, $3) ON CONFLICT (service_id, name) DO NOTHING", connection))
            {
                create.Parameters.AddWithValue(serviceId);
                create.Parameters.AddWithValue(TicketKeyName);
                create.Parameters.AddWithValue(RandomNumberGenerator.GetBytes(TicketAuthority.KeyBytes));
                create.ExecuteNonQuery();
            }
            using NpgsqlCommand read = new("SELECT value FROM service_secrets WHERE service_id = $1 AND name = $2", connection);
            read.Parameters.AddWithValue(serviceId);
            read.Parameters.AddWithValue(TicketKeyName);
            return (byte[])read.ExecuteScalar()!;
        }
        catch (NpgsqlException exception)
        {
            throw new SchemaException($"The ticket key can't be read from the state database: {exception.Message}", exception);
        }
    }

    protected override void ApplySchema() => PostgreSqlSchema.Apply(connectionString);

    // What the operator wrote is kept. Statements are few and always the same, so the server need not plan them each time; and none of them
    // leaves anything behind in its session, so there is nothing to reset for the next one, which would cost as much as a statement.
    private static string WithDefaults(string connectionString)
    {
        DbConnectionStringBuilder written = new() { ConnectionString = connectionString };
        NpgsqlConnectionStringBuilder settings = new(connectionString);
        if (!written.ContainsKey("Max Auto Prepare")) settings.MaxAutoPrepare = 64;
        if (!written.ContainsKey("No Reset On Close")) settings.NoResetOnClose = true;
        if (!written.ContainsKey("Application Name")) settings.ApplicationName = "chunkstream";
        return settings.ConnectionString;
    }
}
