namespace ChunkStream.Protocol;

/// <summary>What a lane's TLS handshake negotiates.</summary>
public static class Alpn
{
    public const string ChunkStream1 = "chunkstream/1";
}
