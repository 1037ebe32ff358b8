namespace ChunkStream.Sdk.Control;

public enum TransferDirection
{
    Send,
    Receive,
}
