namespace ChunkStream.Abstractions.Paths;

public enum PathStatus
{
    Active,
    Degraded,
    Failed,
}
