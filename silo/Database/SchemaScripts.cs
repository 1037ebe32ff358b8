using System.Reflection;
using DbUp.Engine;
using DbUp.Engine.Transactions;

namespace ChunkStream.Silo.Database;

/// <summary>The schema scripts of one database provider, which are resources of this assembly, under their file names.</summary>
internal sealed class SchemaScripts(string prefix) : IScriptProvider
{
    public IEnumerable<SqlScript> GetScripts(IConnectionManager connectionManager)
    {
        Assembly assembly = typeof(SchemaScripts).Assembly;
        return assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => SqlScript.FromStream(name[prefix.Length..], assembly.GetManifestResourceStream(name)!));
    }
}
