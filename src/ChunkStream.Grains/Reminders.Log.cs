using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains;

/// <summary>Events 2220 to 2229.</summary>
internal sealed partial class Reminders
{
    [LoggerMessage(2220, LogLevel.Warning, "The reminders to clean up and to check the catalogue couldn't be set; the next try comes soon")]
    private static partial void LogNotSet(ILogger logger, Exception exception);
}
