using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains.Catalog;

/// <summary>Events 2650 to 2699.</summary>
internal sealed partial class CatalogSchedule
{
    [LoggerMessage(2650, LogLevel.Warning, "The catalogue's daily check couldn't be ordered; the next try comes soon")]
    private static partial void LogNotOrdered(ILogger logger, Exception exception);
}
