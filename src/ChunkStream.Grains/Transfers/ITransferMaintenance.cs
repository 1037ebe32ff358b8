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

    /// <summary>All data chunks, or all chunks, are committed: completes a transfer that may complete by itself.</summary>
    [Alias("ChunksAreThere")]
    Task ChunksAreThereAsync();

    /// <summary>
    /// Pauses a transfer that has moved no chunk since then and has no lane, until its client is back: one that never opened any, or
    /// whose gateway was restarted and didn't see it go. Answers whether it did.
    /// </summary>
    [Alias("StopDeserted")]
    Task<bool> StopDesertedAsync(DateTimeOffset since);

    /// <summary>Fails a transfer, as expired, for which nothing has come since then. Answers whether it did.</summary>
    [Alias("Expire")]
    Task<bool> ExpireAsync(DateTimeOffset since);

    /// <summary>Forgets a transfer that had ended by then. Answers whether it did.</summary>
    [Alias("Forget")]
    Task<bool> ForgetAsync(DateTimeOffset since);
}
