namespace ChunkStream.Frontend.Content;

internal sealed partial class StreamFaults
{
    [LoggerMessage(7010, LogLevel.Warning, "{Path} broke off: {Code}: {Message}")]
    private partial void LogBroken(PathString path, string code, string message);
}
