namespace ChunkStream.Abstractions.Sessions;

public enum SessionStatus
{
    Initializing,
    Active,
    Paused,
    Completed,
    Failed,
}
