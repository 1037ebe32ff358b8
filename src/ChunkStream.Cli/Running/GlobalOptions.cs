using System.CommandLine;

namespace ChunkStream.Cli.Running;

/// <summary>The options that every command takes.</summary>
internal static class GlobalOptions
{
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Write one JSON document to standard output; what is for people goes to standard error.",
        Recursive = true,
    };

    public static readonly Option<string?> Server = new("--server")
    {
        Description = "The service's address. Default: CHUNKSTREAM_SERVER, else the service that 'serve' runs on this machine.",
        HelpName = "URL",
        Recursive = true,
    };

    public static readonly Option<string?> ApiKey = new("--api-key")
    {
        Description = "The API key. Default: CHUNKSTREAM_API_KEY, else the key of the service on this machine. An argument is seen by other users; the variable isn't.",
        HelpName = "KEY",
        Recursive = true,
    };

    public static void AddTo(RootCommand root)
    {
        root.Options.Add(Json);
        root.Options.Add(Server);
        root.Options.Add(ApiKey);
    }
}
