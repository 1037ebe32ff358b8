using Microsoft.Extensions.Logging;

namespace ChunkStream.Storage.Local;

internal sealed partial class VolumeShards
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1010, LogLevel.Warning, "Volume {VolumeId} isn't there; its shards read as missing: {Reason}")]
    private partial void LogVolumeLost(string volumeId, string reason);

    [LoggerMessage(1011, LogLevel.Warning, "A shard in {Path} can't be opened; it reads as missing.")]
    private partial void LogShardLost(Exception exception, string path);

    [LoggerMessage(1012, LogLevel.Warning, "The files of a creation that failed stay in {Path}.")]
    private partial void LogUndoFailed(Exception exception, string path);
}
