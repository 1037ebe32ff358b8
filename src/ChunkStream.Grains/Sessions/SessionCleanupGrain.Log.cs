using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains.Sessions;

/// <summary>Events 2210 to 2219.</summary>
internal sealed partial class SessionCleanupGrain
{
    [LoggerMessage(2210, LogLevel.Information, "Cleaned up: forgot {Completed} completed and {Failed} failed transfers, expired {Expired} abandoned ones, paused {Stopped} without a client")]
    private static partial void LogCleanedUp(ILogger logger, int completed, int failed, int expired, int stopped);

    [LoggerMessage(2211, LogLevel.Warning, "Cleaning up stopped in the middle; the next reminder goes on")]
    private static partial void LogStopped(ILogger logger, Exception exception);
}
