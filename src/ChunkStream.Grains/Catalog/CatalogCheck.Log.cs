using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains.Catalog;

/// <summary>Events 2600 to 2649.</summary>
internal sealed partial class CatalogCheck
{
    [LoggerMessage(2600, LogLevel.Warning, "The catalogue wasn't true: of {Compared} states {Mended} rows were mended, {Removed} rows of nothing removed, and {Unreadable} states can't be read")]
    private static partial void LogMended(ILogger logger, long compared, long mended, long removed, long unreadable);

    [LoggerMessage(2601, LogLevel.Error, "The stored {Type} {Id} can't be read")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string type, Guid id);
}
