using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains.Sessions;

/// <summary>Events 2200 to 2299.</summary>
internal sealed partial class SessionGrain
{
    [LoggerMessage(2200, LogLevel.Warning, "The catalogue couldn't be told of the progress of session {SessionId}")]
    private static partial void LogCatalogueFailed(ILogger logger, Exception exception, Guid sessionId);
}
