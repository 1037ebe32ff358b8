using System.Data.Common;
using Dapper;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;

namespace ChunkStream.Grains.State;

/// <summary>
/// Reads what grains have stored without waking them, past Orleans: the table is ours (<c>deploy/sql</c>), the format is the grain storage's.
/// Only for grains whose key is a GUID. Thread-safe.
/// </summary>
internal sealed class StateScan(DbDataSource database, IOptions<ClusterOptions> cluster, Serializer serializer)
{
    private const string PageSql = """
        SELECT id_n0 AS N0, id_n1 AS N1, payload AS Payload FROM grain_state
        WHERE type = @type AND service_id = @service AND id_extension = '' AND (id_n0, id_n1) > (@n0, @n1) AND payload IS NOT NULL
        ORDER BY id_n0, id_n1 LIMIT @limit
        """;

    private const string OneSql = """
        SELECT payload AS Payload FROM grain_state
        WHERE type = @type AND service_id = @service AND id_extension = '' AND id_n0 = @n0 AND id_n1 = @n1 AND payload IS NOT NULL
        """;

    /// <summary>The states that come behind this one, in an order of the database's; null: the first ones.</summary>
    public Task<IReadOnlyList<StoredRow>> PageAsync(string type, Guid? after, int limit) => Task.Run(async () =>
    {
        (long n0, long n1) = after is { } id ? Halves(id) : (long.MinValue, long.MinValue);
        await using DbConnection connection = await database.OpenConnectionAsync();
        IEnumerable<Row> rows = await connection.QueryAsync<Row>(PageSql, new { type, service = cluster.Value.ServiceId, n0, n1, limit });
        return (IReadOnlyList<StoredRow>)[.. rows.Select(row => new StoredRow(Key(row.N0, row.N1), row.Payload))];
    });

    /// <summary>One grain's stored state; null where it has none.</summary>
    public Task<byte[]?> FindAsync(string type, Guid id) => Task.Run<byte[]?>(async () =>
    {
        (long n0, long n1) = Halves(id);
        await using DbConnection connection = await database.OpenConnectionAsync();
        return await connection.QueryFirstOrDefaultAsync<byte[]>(OneSql, new { type, service = cluster.Value.ServiceId, n0, n1 });
    });

    /// <summary>Reads a state as its grain would.</summary>
    /// <exception cref="Exception">Whatever the serializer makes of bytes that are no such state.</exception>
    public T Read<T>(byte[] payload) => serializer.Deserialize<T>(payload)!;

    // How Orleans' storage splits a GUID.
    private static (long N0, long N1) Halves(Guid id)
    {
        byte[] bytes = id.ToByteArray();
        return (BitConverter.ToInt64(bytes), BitConverter.ToInt64(bytes, sizeof(long)));
    }

    private static Guid Key(long n0, long n1)
    {
        Span<byte> bytes = stackalloc byte[2 * sizeof(long)];
        BitConverter.TryWriteBytes(bytes, n0);
        BitConverter.TryWriteBytes(bytes[sizeof(long)..], n1);
        return new(bytes);
    }

    private sealed record Row(long N0, long N1, byte[] Payload);
}
