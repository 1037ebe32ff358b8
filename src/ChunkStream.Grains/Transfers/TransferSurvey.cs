using System.Data.Common;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Grains.State;
using Dapper;

namespace ChunkStream.Grains.Transfers;

/// <summary>
/// What counting, limits and cleaning up ask of the catalogue. Thread-safe. A row may be a moment behind its grain: whoever acts on one
/// asks the grain.
/// </summary>
internal sealed class TransferSurvey(DbDataSource database, WriteTurns turns)
{
    private static readonly string RunningStates =
        string.Join(", ", Enum.GetValues<TransferState>().Where(state => !state.HasEnded()).Select(state => (int)state));

    /// <summary>How many transfers of an owner are in one of these states.</summary>
    public Task<long> CountAsync(string owner, IEnumerable<TransferState> states) => QueryAsync(connection => connection.ExecuteScalarAsync<long>(
        $"SELECT count(*) FROM transfers WHERE owner = @owner AND state IN ({string.Join(", ", states.Select(state => (int)state))})", new { owner }));

    /// <summary>An owner's transfers that haven't ended, and the bytes of the files that they send.</summary>
    public async Task<Dictionary<Guid, long>> RunningAsync(string owner)
    {
        IEnumerable<(string Id, long Bytes)> rows = await QueryAsync(connection => connection.QueryAsync<(string Id, long Bytes)>(
            $"SELECT id, CASE WHEN direction = 0 THEN size_bytes ELSE 0 END FROM transfers WHERE owner = @owner AND state IN ({RunningStates})", new { owner }));
        return rows.ToDictionary(row => Guid.Parse(row.Id), row => row.Bytes);
    }

    /// <summary>The bytes of an owner's files, parity not counted.</summary>
    public Task<long> StoredBytesAsync(string owner) => QueryAsync(connection => connection.ExecuteScalarAsync<long>(
        "SELECT coalesce(sum(size_bytes), 0) FROM files WHERE owner = @owner AND deleted = 0", new { owner }));

    /// <summary>Anybody's transfers in this state that haven't changed since then, those longest ago first.</summary>
    /// <param name="after">The last of the page before; null: the first page.</param>
    public async Task<List<AgedTransfer>> UnchangedAsync(TransferState state, DateTimeOffset since, AgedTransfer? after, int limit)
    {
        IEnumerable<(string Id, long ChangedAtMs)> rows = await QueryAsync(connection => connection.QueryAsync<(string Id, long ChangedAtMs)>(
            """
            SELECT id, updated_at FROM transfers
            WHERE state = @state AND updated_at < @since AND (updated_at, id) > (@changedAt, @id) ORDER BY updated_at, id LIMIT @limit
            """,
            new
            {
                state = (int)state,
                since = since.ToUnixTimeMilliseconds(),
                changedAt = after?.ChangedAtMs ?? 0,
                id = after?.Id.ToString("N") ?? "",
                limit,
            }));
        return [.. rows.Select(row => new AgedTransfer(Guid.Parse(row.Id), row.ChangedAtMs))];
    }

    /// <summary>Takes a transfer out of the listings.</summary>
    /// <param name="owner">Only if it is this owner's; null: whoever's it is.</param>
    public Task RemoveAsync(Guid transferId, string? owner) => turns.RunAsync(() => QueryAsync(connection => connection.ExecuteAsync(
        $"DELETE FROM transfers WHERE id = @id{(owner is null ? "" : " AND owner = @owner")}", new { id = transferId.ToString("N"), owner })));

    // On the thread pool: SQLite's driver is synchronous underneath and would hold up the grain that calls.
    private Task<T> QueryAsync<T>(Func<DbConnection, Task<T>> query) => Task.Run(async () =>
    {
        await using DbConnection connection = await database.OpenConnectionAsync();
        return await query(connection);
    });
}
