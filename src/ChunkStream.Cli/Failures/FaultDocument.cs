namespace ChunkStream.Cli.Failures;

/// <summary>A failure in <c>--json</c> output.</summary>
internal sealed record FaultDocument(string Code, string Message);
