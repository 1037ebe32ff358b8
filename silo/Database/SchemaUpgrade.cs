using DbUp.Builder;
using DbUp.Engine;
using DbUp.Engine.Output;

namespace ChunkStream.Silo.Database;

/// <summary>Applies a provider's scripts, each once, in order; the same for every provider.</summary>
internal static class SchemaUpgrade
{
    /// <summary>The table that says which scripts were applied.</summary>
    public const string JournalTable = "schema_version";

    /// <param name="target">What to upgrade, with its journal.</param>
    /// <param name="scripts">The folder of <c>deploy/sql</c> whose scripts these are, as the resources are called.</param>
    /// <param name="database">What messages call the database.</param>
    /// <exception cref="SchemaException">The database has scripts that this program doesn't know, or a script failed.</exception>
    public static void Apply(UpgradeEngineBuilder target, string scripts, string database)
    {
        UpgradeEngine engine = target
            .WithScripts(new SchemaScripts($"ChunkStream.Silo.Sql.{scripts}."))
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogTo(new NoOpUpgradeLog())
            .Build();

        List<string> unknown = engine.GetExecutedButNotDiscoveredScripts();
        if (unknown.Count > 0)
            throw new SchemaException(
                $"The state database {database} was used by a newer ChunkStream: this one doesn't know its schema script "
                + $"{string.Join(", ", unknown)}. Start the newer version, or use another database.");

        DatabaseUpgradeResult result = engine.PerformUpgrade();
        if (!result.Successful)
            throw new SchemaException(
                $"The schema script {result.ErrorScript?.Name ?? "(none)"} failed on the state database {database}: {result.Error.Message}",
                result.Error);
    }
}
