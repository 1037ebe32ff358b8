using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Ingest;

internal sealed partial class GroupCommit
{
    [LoggerMessage(4201, LogLevel.Debug, "Committed {Chunks} chunks, {Bytes} bytes, {Milliseconds:0} ms after the first was accepted")]
    private partial void LogCommitted(long chunks, long bytes, double milliseconds);

    [LoggerMessage(4202, LogLevel.Error, "Committed chunks could not be recorded")]
    private partial void LogNotRecorded(Exception exception);
}
