using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains;

/// <summary>Events 2500 to 2599.</summary>
internal sealed partial class UnsettledWork
{
    [LoggerMessage(2500, LogLevel.Warning, "Grains with unfinished work couldn't be woken; the next try comes soon")]
    private static partial void LogNotWoken(ILogger logger, Exception exception);
}
