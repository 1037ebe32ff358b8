namespace ChunkStream.Sdk.Control;

public enum TransferState
{
    Idle,
    Preparing,
    Transferring,
    Paused,
    Completing,
    Completed,
    Failed,
}
