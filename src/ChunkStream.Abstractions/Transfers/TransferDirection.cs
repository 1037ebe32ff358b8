namespace ChunkStream.Abstractions.Transfers;

public enum TransferDirection
{
    Send,
    Receive,
}
