using ChunkStream.Abstractions.Gateways;

namespace ChunkStream.Abstractions.Files;

/// <summary>A completed file. Keyed by the file's id. Another owner's file is answered as if it didn't exist.</summary>
[Alias("chunkstream.IFileGrain")]
public interface IFileGrain : IGrainWithGuidKey
{
    /// <summary>Registers a file that its transfer has found whole. Registering it again changes nothing.</summary>
    [Alias("Register")]
    Task<Outcome<StoredFile>> RegisterAsync(StoredFile file);

    [Alias("Get")]
    Task<Outcome<StoredFile>> GetAsync(string owner);

    /// <summary>The file whoever owns it, for a gateway that has verified a ticket for it.</summary>
    [Alias("Find")]
    Task<Outcome<StoredFile>> FindAsync();

    /// <summary>The file, its gateways and a ticket to read it with.</summary>
    [Alias("Open")]
    Task<Outcome<FileOpening>> OpenAsync(string owner);

    /// <summary>Deletes the file and its chunks. Deleting it again is no failure while the grain remembers it.</summary>
    [Alias("Delete")]
    Task<Outcome<StoredFile>> DeleteAsync(string owner);

    /// <summary>Has the homes read and verify every chunk and the manifest, and records the file's health and the check.</summary>
    [Alias("Verify"), ResponseTimeout("02:00:00")]
    Task<Outcome<HealthReport>> VerifyAsync(string owner);

    /// <summary>The verifications that were made last, newest first: as many as a file keeps, 16.</summary>
    [Alias("Checks")]
    Task<Outcome<IReadOnlyList<FileCheck>>> GetChecksAsync(string owner);
}
