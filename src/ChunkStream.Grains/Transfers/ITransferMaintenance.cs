using ChunkStream.Abstractions;

namespace ChunkStream.Grains.Transfers;

/// <summary>What the service itself asks of a transfer grain.</summary>
[Alias("chunkstream.ITransferMaintenance")]
internal interface ITransferMaintenance : IGrainWithGuidKey
{
    /// <summary>Whether the transfer is being created, or exists and hasn't ended.</summary>
    [Alias("IsRunning")]
    Task<Outcome<bool>> IsRunningAsync();

    /// <summary>Goes on with work that no caller waits for, where there is any.</summary>
    [Alias("Wake")]
    Task WakeAsync();
}
