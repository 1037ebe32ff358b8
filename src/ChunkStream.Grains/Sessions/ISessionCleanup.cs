namespace ChunkStream.Grains.Sessions;

/// <summary>Forgets old transfers with their sessions and expires abandoned ones. One grain, key 0, called by its reminder.</summary>
[Alias("chunkstream.ISessionCleanup")]
internal interface ISessionCleanup : IGrainWithIntegerKey
{
    /// <summary>Sets the reminder, or sets it again with the interval that is configured now.</summary>
    [Alias("Schedule")]
    Task ScheduleAsync();

    /// <summary>Cleans up now.</summary>
    [Alias("CleanUp"), ResponseTimeout("01:00:00")]
    Task<CleanupReport> CleanUpAsync();
}
