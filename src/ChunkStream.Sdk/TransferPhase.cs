namespace ChunkStream.Sdk;

public enum TransferPhase
{
    Connecting,

    /// <summary>Chunks are crossing.</summary>
    Moving,

    /// <summary>No path is up; trying again.</summary>
    Reconnecting,

    /// <summary>The service rebuilds what is missing and compares hashes.</summary>
    Completing,

    Done,
}
