using System.Data.Common;
using ChunkStream.Silo.Database;

namespace ChunkStream.Tests.Grains;

/// <summary>
/// The database of one <c>TestSilo</c>, which belongs to the silo's folder and outlives the silo. The same tests run on every
/// provider: each test project says with <c>TestDatabases</c> which one it is for.
/// </summary>
public abstract class TestDatabase
{
    /// <summary>What the silo is told.</summary>
    public abstract DatabaseOptions Options { get; }

    /// <summary>Deletes it, where deleting the folder doesn't.</summary>
    public abstract void Delete();

    /// <summary>Runs a statement as somebody else would, and answers how many rows it changed.</summary>
    public int Execute(string sql)
    {
        using DbConnection connection = Open();
        using DbCommand command = Command(connection, sql);
        return command.ExecuteNonQuery();
    }

    /// <summary>The first column of every row.</summary>
    public IReadOnlyList<string> Query(string sql, int column = 0)
    {
        using DbConnection connection = Open();
        using DbCommand command = Command(connection, sql);
        using DbDataReader reader = command.ExecuteReader();
        List<string> values = [];
        while (reader.Read()) values.Add(Convert.ToString(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture)!);
        return values;
    }

    /// <summary>A connection that is in no pool.</summary>
    public abstract DbConnection Open();

    private static DbCommand Command(DbConnection connection, string sql)
    {
        DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
