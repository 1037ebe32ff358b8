namespace ChunkStream.Cli.Servers;

/// <summary>What a running service tells command lines of the same user.</summary>
/// <param name="Url">Where it answers.</param>
/// <param name="ApiKeyFile">The file that holds its key.</param>
/// <param name="DataDirectory">Its data folder.</param>
/// <param name="Pid">Its process.</param>
internal sealed record ServerRecord(string Url, string ApiKeyFile, string DataDirectory, int Pid);
