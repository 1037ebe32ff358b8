namespace ChunkStream.Grains.Files;

/// <summary>What the service itself asks of a file grain.</summary>
[Alias("chunkstream.IFileMaintenance")]
internal interface IFileMaintenance : IGrainWithGuidKey
{
    /// <summary>Goes on with work that no caller waits for, where there is any.</summary>
    [Alias("Wake")]
    Task WakeAsync();
}
