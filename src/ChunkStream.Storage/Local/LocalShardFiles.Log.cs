using ChunkStream.Core.Layout;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Storage.Local;

internal sealed partial class LocalShardFiles
{
    [LoggerMessage(1020, LogLevel.Warning, "Chunk {Index} of file {FileId} on volume {VolumeId} doesn't fit its hash.")]
    private partial void LogChunkBad(Guid fileId, ChunkIndex index, string volumeId);

    [LoggerMessage(1021, LogLevel.Warning, "Chunk {Index} of file {FileId} on volume {VolumeId} can't be read from the disk.")]
    private partial void LogChunkUnreadable(Exception exception, Guid fileId, ChunkIndex index, string volumeId);

    [LoggerMessage(1022, LogLevel.Warning, "Hashes of shard {Shard} of file {FileId} can't be read from the disk, from stripe {FirstStripe}.")]
    private partial void LogHashesUnreadable(Exception exception, Guid fileId, int shard, int firstStripe);

    [LoggerMessage(1023, LogLevel.Error, "A flush of file {FileId} failed. Nothing since the last one counts as stored.")]
    private partial void LogFlushFailed(Exception exception, Guid fileId);

    [LoggerMessage(1024, LogLevel.Warning, "The manifest {Path} can't be opened.")]
    private partial void LogManifestUnreadable(Exception exception, string path);
}
