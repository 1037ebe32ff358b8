using Microsoft.Extensions.Logging;

namespace ChunkStream.Storage.Local;

public sealed partial class LocalShardStore
{
    [LoggerMessage(1000, LogLevel.Information, "Volume {VolumeId} is {Path}, with {FreeBytes} bytes free.")]
    private partial void LogVolume(string volumeId, string path, long freeBytes);

    [LoggerMessage(1001, LogLevel.Warning, "The room on volume {VolumeId} can't be measured; it counts as full.")]
    private partial void LogUnmeasured(Exception exception, string volumeId);
}
