namespace ChunkStream.Silo.Database;

/// <summary>Where a silo keeps its state: section <c>Silo:Database</c>.</summary>
public sealed class DatabaseOptions
{
    /// <summary>The provider that keeps everything in a file of the data folder.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>The provider that several silos share, and find one another through.</summary>
    public const string PostgreSql = "postgresql";

    /// <summary><c>sqlite</c>, the default, or <c>postgresql</c>.</summary>
    public string Provider { get; set; } = Sqlite;

    /// <summary>
    /// For postgresql, as Npgsql reads it: <c>Host=db;Database=chunkstream;Username=chunkstream;Password=…</c>. Its Maximum Pool Size
    /// bounds the silo's connections. Empty, the default, for sqlite.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    internal bool IsPostgreSql => Provider == PostgreSql;
}
