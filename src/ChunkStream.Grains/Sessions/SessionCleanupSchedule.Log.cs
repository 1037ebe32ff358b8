using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains.Sessions;

/// <summary>Events 2220 to 2229.</summary>
internal sealed partial class SessionCleanupSchedule
{
    [LoggerMessage(2220, LogLevel.Warning, "The reminder to clean up couldn't be set; the next try comes soon")]
    private static partial void LogNotScheduled(ILogger logger, Exception exception);
}
