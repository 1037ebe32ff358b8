namespace ChunkStream.Abstractions.Transfers;

public enum TransferEvent
{
    Start,
    ChunkCompleted,
    Pause,
    Resume,
    Cancel,
    NetworkFailure,
    NetworkRecovered,
    TransferComplete,
}
