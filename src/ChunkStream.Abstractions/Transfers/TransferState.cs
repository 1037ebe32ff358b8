namespace ChunkStream.Abstractions.Transfers;

public enum TransferState
{
    /// <summary>Known, nothing prepared.</summary>
    Idle,

    /// <summary>Homes are being chosen. Nobody is told of it yet; only what an older program wrote is found in it.</summary>
    Preparing,

    /// <summary>Chunks may cross.</summary>
    Transferring,

    /// <summary>Stopped by its owner or by the network; resumes where it was.</summary>
    Paused,

    /// <summary>Every stripe can be rebuilt; missing chunks are being rebuilt and hashes compared.</summary>
    Completing,

    /// <summary>The file is whole, verified and on disk.</summary>
    Completed,

    /// <summary>Ended without a file; the failure says why.</summary>
    Failed,
}
