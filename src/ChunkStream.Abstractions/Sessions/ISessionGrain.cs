using ChunkStream.Core.Layout;

namespace ChunkStream.Abstractions.Sessions;

/// <summary>The durable, resumable progress of one transfer. Keyed by the session's id.</summary>
[Alias("chunkstream.ISessionGrain")]
public interface ISessionGrain : IGrainWithGuidKey
{
    /// <summary>Opens the session of a transfer. Opening it again changes nothing.</summary>
    [Alias("Open")]
    Task<Outcome<SessionInfo>> OpenAsync(Guid transferId, FileLayout layout);

    [Alias("Get")]
    Task<Outcome<SessionInfo>> GetAsync();

    /// <summary>
    /// Records chunks as durable: their bytes and hashes have been flushed before this is called. Answers the status, by which a
    /// gateway learns that the transfer was paused or has ended. Batches that come while a write is under way share the next write.
    /// </summary>
    [Alias("RecordCommitted")]
    Task<Outcome<SessionStatus>> RecordCommittedAsync(ChunkSet chunks);

    /// <summary>Records chunks that were given up on.</summary>
    [Alias("RecordFailed")]
    Task<Outcome<SessionStatus>> RecordFailedAsync(ChunkSet chunks);

    [Alias("SetStatus")]
    Task<Outcome<SessionInfo>> SetStatusAsync(SessionStatus status);
}
