using System.Data.Common;
using ChunkStream.Silo.Database;
using ChunkStream.Silo.DataFolder;

namespace ChunkStream.Silo.Sqlite;

/// <summary>A file in the data folder: one silo, nothing to install.</summary>
internal sealed class SqliteDatabase(DataDirectory directory) : StateDatabase
{
    private readonly SqliteStateDataSource _dataSource = new(directory.StateDatabasePath);

    // Orleans' name for SQLite. With a data source given, it is only compared.
    public override string Invariant => "System.Data.SQLite";

    public override DbDataSource DataSource => _dataSource;

    // SQLite has one writer at a time.
    public override int Writers => 1;

    // Until the connection is opened again, see SqliteStateDataSource.
    public override string Unflushed => "PRAGMA synchronous = NORMAL;";

    public override byte[] ReadOrCreateTicketKey() => directory.ReadOrCreateTicketKey();

    protected override void ApplySchema() => SqliteSchema.Apply(_dataSource);
}
