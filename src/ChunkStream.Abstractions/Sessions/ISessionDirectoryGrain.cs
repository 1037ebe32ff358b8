using ChunkStream.Abstractions.Catalog;

namespace ChunkStream.Abstractions.Sessions;

/// <summary>Lists and counts sessions, from the relational catalogue. Stateless: any key, any silo.</summary>
[Alias("chunkstream.ISessionDirectoryGrain")]
public interface ISessionDirectoryGrain : IGrainWithIntegerKey
{
    [Alias("List")]
    Task<Page<SessionSummary>> ListAsync(SessionQuery query);

    /// <summary>How many sessions an owner has.</summary>
    /// <param name="status">Null: any.</param>
    [Alias("Count")]
    Task<long> CountAsync(string owner, SessionStatus? status);
}
