using ChunkStream.Core.Failures;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains.Files;

/// <summary>Events 2400 to 2499.</summary>
internal sealed partial class FileGrain
{
    [LoggerMessage(2400, LogLevel.Warning, "The catalogue couldn't be told of file {FileId}")]
    private static partial void LogCatalogueFailed(ILogger logger, Exception exception, Guid fileId);

    [LoggerMessage(2401, LogLevel.Warning, "The deleted file {FileId} couldn't be dropped yet ({Problem}); next try in {Pause}")]
    private static partial void LogDropDelayed(ILogger logger, Exception? exception, Guid fileId, Failure problem, TimeSpan pause);
}
