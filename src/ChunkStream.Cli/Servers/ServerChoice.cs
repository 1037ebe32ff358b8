namespace ChunkStream.Cli.Servers;

/// <summary>The service that a command talks to.</summary>
internal sealed record ServerChoice(Uri Url, string? ApiKey);
