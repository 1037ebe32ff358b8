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
/// SQLite and PostgreSQL have in common; a row's revision only grows, so that a late or repeated write changes nothing. No write waits for
/// the disk: a row follows its grain's state, and what a power failure takes is mended by the grain or by <see cref="CatalogCheck"/>.
/// </summary>
internal sealed class CatalogStore(DbDataSource database, WriteTurns turns, UnflushedWrites unflushed)
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
        CatalogSelection selection = new(query, "");
        List<TransferRow> rows = await QueryAsync<TransferRow>(selection.Transfers(TransferRow.Columns, query), selection.Parameters);
        return Page(rows.ConvertAll(row => row.ToInfo()), query.Limit, transfer => new(transfer.Id, selection.ByName ? transfer.Name : null));
    }

    public async Task<Page<StoredFile>> ListFilesAsync(CatalogQuery query)
    {
        CatalogSelection selection = new(query, " AND deleted = 0");
        List<FileRow> rows = await QueryAsync<FileRow>(selection.Files(FileRow.Columns), selection.Parameters);
        return Page(rows.ConvertAll(row => row.ToFile()), query.Limit, file => new(file.Id, selection.ByName ? file.Name : null));
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

    /// <summary>The ids in a table, behind this one.</summary>
    public Task<List<Guid>> IdsAsync(string table, Guid? after, int limit) => IdsAsync(table, "", after, limit);

    /// <summary>The revisions of those rows that there are.</summary>
    public async Task<IReadOnlyDictionary<Guid, long>> RevisionsAsync(string table, Guid[] ids)
    {
        if (ids.Length == 0) return new Dictionary<Guid, long>();
        List<(string Id, long Revision)> rows = await QueryAsync<(string, long)>(
            $"SELECT id AS Id, revision AS Revision FROM {table} WHERE id IN ({string.Join(", ", ids.Select(id => $"'{id:N}'"))})", new { });
        return rows.ToDictionary(row => Guid.Parse(row.Id), row => row.Revision);
    }

    public Task RemoveAsync(string table, Guid id) => ExecuteAsync($"DELETE FROM {table} WHERE id = @id", new { id = id.ToString("N") });

    private Task<List<Guid>> UnsettledAsync(string table, Guid? after, int limit) => IdsAsync(table, "unsettled = 1 AND ", after, limit);

    private async Task<List<Guid>> IdsAsync(string table, string only, Guid? after, int limit)
    {
        List<string> ids = await QueryAsync<string>(
            $"SELECT id FROM {table} WHERE {only}id > @after ORDER BY id LIMIT @limit", new { after = after?.ToString("N") ?? "", limit });
        return ids.ConvertAll(Guid.Parse);
    }

    private static Page<T> Page<T>(List<T> items, int limit, Func<T, CatalogCursor> cursorOf)
    {
        if (items.Count <= limit) return new(items, null);
        items.RemoveRange(limit, items.Count - limit);
        return new(items, cursorOf(items[^1]));
    }

    private Task ExecuteAsync(string sql, object parameters) => turns.RunAsync(async () =>
    {
        await using DbConnection connection = await database.OpenConnectionAsync();
        await connection.ExecuteAsync($"{unflushed.Before} {sql}", parameters);
    });

    // On the thread pool: SQLite's driver is synchronous underneath and would hold up the grain that calls.
    private Task<List<T>> QueryAsync<T>(string sql, object parameters) => Task.Run(async () =>
    {
        await using DbConnection connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<T>(sql, parameters)).AsList();
    });
}
