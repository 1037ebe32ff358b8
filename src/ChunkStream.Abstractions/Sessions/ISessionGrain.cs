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

    [Alias("Exists")]
    Task<Outcome<bool>> ExistsAsync();

    /// <summary>
    /// Records chunks as durable: their bytes and hashes have been flushed before this is called. Answers the status, by which a
    /// gateway learns that the transfer was paused or has ended. Batches that come while a write is under way share the next write.
    /// </summary>
    [Alias("RecordCommitted")]
    Task<Outcome<SessionStatus>> RecordCommittedAsync(ChunkSet chunks);

    /// <summary>Records chunks that failed: refused, or given up on. One that is committed later has failed no more.</summary>
    [Alias("RecordFailed")]
    Task<Outcome<SessionStatus>> RecordFailedAsync(ChunkSet chunks);

    [Alias("SetStatus")]
    Task<Outcome<SessionInfo>> SetStatusAsync(SessionStatus status);

    /// <summary>
    /// Forgets a session that has ended; one that hasn't answers <c>conflict</c>. A session that isn't there is no failure. Owners
    /// delete the transfer, which deletes its session.
    /// </summary>
    [Alias("Delete")]
    Task<Outcome<bool>> DeleteAsync();
}
