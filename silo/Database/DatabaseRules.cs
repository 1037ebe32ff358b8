using Npgsql;

namespace ChunkStream.Silo.Database;

/// <summary>What database options must look like. A connection string is never shown: it may hold a password.</summary>
internal static class DatabaseRules
{
    public static IEnumerable<string> Problems(DatabaseOptions options)
    {
        const string provider = "Database:Provider", connectionString = "Database:ConnectionString";
        switch (options.Provider)
        {
            case DatabaseOptions.Sqlite when !string.IsNullOrWhiteSpace(options.ConnectionString):
                yield return $"{connectionString} is set, and {provider} is sqlite, which keeps its file in the data folder; leave one of them out, or choose postgresql.";
                break;
            case DatabaseOptions.Sqlite:
                break;
            case DatabaseOptions.PostgreSql when string.IsNullOrWhiteSpace(options.ConnectionString):
                yield return $"{connectionString} is empty; postgresql needs one, such as Host=127.0.0.1;Database=chunkstream;Username=chunkstream.";
                break;
            case DatabaseOptions.PostgreSql:
                if (ProblemOf(options.ConnectionString) is { } problem) yield return $"{connectionString} can't be used: {problem}";
                break;
            default:
                yield return $"{provider} is '{options.Provider}'; it is sqlite or postgresql.";
                break;
        }
    }

    private static string? ProblemOf(string connectionString)
    {
        try
        {
            NpgsqlConnectionStringBuilder parsed = new(connectionString);
            if (string.IsNullOrWhiteSpace(parsed.Host)) return "Host is missing; it names the server, or the folder of its socket.";
            return parsed.Pooling ? null : "Pooling is false; a connection for every statement is too slow.";
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }
}
