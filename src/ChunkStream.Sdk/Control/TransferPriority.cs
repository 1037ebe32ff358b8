namespace ChunkStream.Sdk.Control;

public enum TransferPriority
{
    High,
    Normal,
    Low,
}
