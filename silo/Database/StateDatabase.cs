using System.Data.Common;

namespace ChunkStream.Silo.Database;

/// <summary>The database that holds the silo's state, the catalogue, the reminders and, where silos share it, the membership. Thread-safe.</summary>
internal abstract class StateDatabase : IDisposable
{
    private readonly Lazy<bool> _schema;

    protected StateDatabase() => _schema = new(() =>
    {
        ApplySchema();
        return true;
    });

    /// <summary>What Orleans calls the provider.</summary>
    public abstract string Invariant { get; }

    /// <summary>Opens connections with the settings that the service counts on.</summary>
    public abstract DbDataSource DataSource { get; }

    /// <summary>How many writers it takes at once.</summary>
    public abstract int Writers { get; }

    /// <summary>
    /// What stands before a statement whose commit needn't wait for the disk. It keeps its place in the log: a commit that comes after it and
    /// does wait takes it along. Until then a power failure can lose it, a crash of the service can't.
    /// </summary>
    public abstract string Unflushed { get; }

    /// <summary>Brings the database to this program's schema; the first call does.</summary>
    /// <exception cref="SchemaException">It was used by a newer program, or a script failed, or it can't be used.</exception>
    public void EnsureSchema() => _ = _schema.Value;

    /// <summary>The key that tickets are signed with, made on first use: every silo on this database must have the same.</summary>
    public abstract byte[] ReadOrCreateTicketKey();

    public virtual void Dispose() => DataSource.Dispose();

    protected abstract void ApplySchema();
}
