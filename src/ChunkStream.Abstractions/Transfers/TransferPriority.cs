namespace ChunkStream.Abstractions.Transfers;

public enum TransferPriority
{
    High,
    Normal,
    Low,
}
