namespace ChunkStream.Sdk.Control;

/// <summary>What reading and verifying every chunk of a stored file found.</summary>
public sealed record VerifyReport(long CheckedChunks, long BadChunks, long RebuiltChunks, long LostStripes)
{
    /// <summary>Whether every byte can be read.</summary>
    public bool IsReadable => LostStripes == 0;
}
