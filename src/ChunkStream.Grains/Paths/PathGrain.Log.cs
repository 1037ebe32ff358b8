using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains.Paths;

/// <summary>Events 2300 to 2399.</summary>
internal sealed partial class PathGrain
{
    [LoggerMessage(2300, LogLevel.Warning, "The catalogue couldn't be told of a path's health")]
    private static partial void LogCatalogueFailed(ILogger logger, Exception exception);
}
