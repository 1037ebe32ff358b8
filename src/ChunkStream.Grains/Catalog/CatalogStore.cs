using System.Data.Common;
using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Paths;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Grains.State;
using Dapper;

namespace ChunkStream.Grains.Catalog;

/// <summary>
/// The relational catalogue: written by the grains, each its own row, and read by listings. Thread-safe. Its statements keep to what
/// SQLite and PostgreSQL have in common; a row's revision only grows, so that a late or repeated write changes nothing.
/// </summary>
internal sealed class CatalogStore(DbDataSource database, WriteTurns turns)
{
    private const string SaveTransferSql = """
        INSERT INTO transfers (id, revision, owner, session_id, file_id, direction, state, name, size_bytes, chunk_bytes, data_shards,
          parity_shards, priority, created_at, updated_at, committed_chunks, committed_bytes, content_hash, failure_code, failure_message,
          rebuilt_chunks, unsettled)
        VALUES (@Id, @Revision, @Owner, @SessionId, @FileId, @Direction, @State, @Name, @SizeBytes, @ChunkBytes, @DataShards,
          @ParityShards, @Priority, @CreatedAt, @UpdatedAt, @CommittedChunks, @CommittedBytes, @ContentHash, @FailureCode, @FailureMessage,
          @RebuiltChunks, @Unsettled)
        ON CONFLICT (id) DO UPDATE SET
          revision = excluded.revision, state = excluded.state, priority = excluded.priority, updated_at = excluded.updated_at,
          committed_chunks = CASE WHEN excluded.committed_chunks > transfers.committed_chunks THEN excluded.committed_chunks ELSE transfers.committed_chunks END,
          committed_bytes = CASE WHEN excluded.committed_bytes > transfers.committed_bytes THEN excluded.committed_bytes ELSE transfers.committed_bytes END,
          content_hash = excluded.content_hash, failure_code = excluded.failure_code, failure_message = excluded.failure_message,
          rebuilt_chunks = excluded.rebuilt_chunks, unsettled = excluded.unsettled
        WHERE excluded.revision >= transfers.revision
        """;

    private const string SaveProgressSql = """
        UPDATE transfers SET committed_chunks = @chunks, committed_bytes = @bytes WHERE id = @id AND committed_chunks < @chunks
        """;

    private const string SaveFileSql = """
        INSERT INTO files (id, revision, owner, name, size_bytes, chunk_bytes, data_shards, parity_shards, content_hash, manifest_digest,
          homes, health, created_at, deleted, unsettled)
        VALUES (@Id, @Revision, @Owner, @Name, @SizeBytes, @ChunkBytes, @DataShards, @ParityShards, @ContentHash, @ManifestDigest,
          @Homes, @Health, @CreatedAt, @Deleted, @Unsettled)
        ON CONFLICT (id) DO UPDATE SET
          revision = excluded.revision, health = excluded.health, deleted = excluded.deleted, unsettled = excluded.unsettled
        WHERE excluded.revision >= files.revision
        """;

    private const string SavePathSql = """
        INSERT INTO paths (owner, key, status, round_trip_us, bytes_per_second, loss_rate, bytes, chunks, failures, updated_at,
          received_bytes, received_chunks, resent_chunks, hedged_chunks, cancelled_chunks, connections)
        VALUES (@Owner, @Key, @Status, @RoundTripUs, @BytesPerSecond, @LossRate, @Bytes, @Chunks, @Failures, @UpdatedAt,
          @ReceivedBytes, @ReceivedChunks, @ResentChunks, @HedgedChunks, @CancelledChunks, @Connections)
        ON CONFLICT (owner, key) DO UPDATE SET
          status = excluded.status, round_trip_us = excluded.round_trip_us, bytes_per_second = excluded.bytes_per_second,
          loss_rate = excluded.loss_rate, bytes = excluded.bytes, chunks = excluded.chunks, failures = excluded.failures,
          updated_at = excluded.updated_at, received_bytes = excluded.received_bytes, received_chunks = excluded.received_chunks,
          resent_chunks = excluded.resent_chunks, hedged_chunks = excluded.hedged_chunks, cancelled_chunks = excluded.cancelled_chunks,
          connections = excluded.connections
        WHERE excluded.updated_at >= paths.updated_at
        """;

    /// <param name="unsettled">Whether the grain still has work to do that no caller waits for, and must be woken after a restart.</param>
    public Task SaveTransferAsync(TransferInfo transfer, long revision, bool unsettled) =>
        ExecuteAsync(SaveTransferSql, TransferRow.From(transfer, revision, unsettled));

    /// <summary>Raises the progress that listings show. A transfer that isn't in the catalogue is left alone.</summary>
    public Task SaveProgressAsync(Guid transferId, long chunks, long bytes) =>
        ExecuteAsync(SaveProgressSql, new { id = transferId.ToString("N"), chunks, bytes });

    public Task SaveFileAsync(StoredFile file, long revision, bool deleted, bool unsettled) =>
        ExecuteAsync(SaveFileSql, FileRow.From(file, revision, deleted, unsettled));

    public Task SavePathAsync(string owner, PathInfo path) => ExecuteAsync(SavePathSql, PathRow.From(owner, path));

    public async Task<Page<TransferInfo>> ListTransfersAsync(CatalogQuery query)
    {
        string sql = $"""
            SELECT {TransferRow.Columns} FROM transfers WHERE owner = @owner
            {(query.State is null ? "" : "AND state = @state")} {(query.Direction is null ? "" : "AND direction = @direction")}
            {(query.After is null ? "" : "AND id < @after")}
            ORDER BY id DESC LIMIT @limit
            """;
        List<TransferRow> rows = await QueryAsync<TransferRow>(sql, Parameters(query));
        return Page(rows.ConvertAll(row => row.ToInfo()), query.Limit, transfer => transfer.Id);
    }

    public async Task<Page<StoredFile>> ListFilesAsync(CatalogQuery query)
    {
        string sql = $"""
            SELECT {FileRow.Columns} FROM files WHERE owner = @owner AND deleted = 0 {(query.After is null ? "" : "AND id < @after")}
            ORDER BY id DESC LIMIT @limit
            """;
        List<FileRow> rows = await QueryAsync<FileRow>(sql, Parameters(query));
        return Page(rows.ConvertAll(row => row.ToFile()), query.Limit, file => file.Id);
    }

    public async Task<IReadOnlyList<PathInfo>> ListPathsAsync(string owner)
    {
        List<PathRow> rows = await QueryAsync<PathRow>($"SELECT {PathRow.Columns} FROM paths WHERE owner = @owner ORDER BY key", new { owner });
        return rows.ConvertAll(row => row.ToInfo());
    }

    /// <summary>Transfers whose grain has work to do that no caller waits for, oldest first.</summary>
    public Task<List<Guid>> UnsettledTransfersAsync(Guid? after, int limit) => UnsettledAsync("transfers", after, limit);

    /// <summary>Deleted files whose chunks are still to be dropped, oldest first.</summary>
    public Task<List<Guid>> UnsettledFilesAsync(Guid? after, int limit) => UnsettledAsync("files", after, limit);

    private async Task<List<Guid>> UnsettledAsync(string table, Guid? after, int limit)
    {
        List<string> ids = await QueryAsync<string>(
            $"SELECT id FROM {table} WHERE unsettled = 1 AND id > @after ORDER BY id LIMIT @limit", new { after = after?.ToString("N") ?? "", limit });
        return ids.ConvertAll(Guid.Parse);
    }

    // One row more than asked for tells whether there is another page.
    private static object Parameters(CatalogQuery query) => new
    {
        owner = query.Owner,
        state = (int?)query.State,
        direction = (int?)query.Direction,
        after = query.After?.ToString("N"),
        limit = query.Limit + 1,
    };

    private static Page<T> Page<T>(List<T> items, int limit, Func<T, Guid> idOf)
    {
        if (items.Count <= limit) return new(items, null);
        items.RemoveRange(limit, items.Count - limit);
        return new(items, idOf(items[^1]));
    }

    // On the thread pool: SQLite's driver is synchronous underneath and would hold up the grain that calls.
    private Task ExecuteAsync(string sql, object parameters) => turns.RunAsync(() => Task.Run(async () =>
    {
        await using DbConnection connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync(sql, parameters);
    }));

    private Task<List<T>> QueryAsync<T>(string sql, object parameters) => Task.Run(async () =>
    {
        await using DbConnection connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<T>(sql, parameters)).AsList();
    });
}
