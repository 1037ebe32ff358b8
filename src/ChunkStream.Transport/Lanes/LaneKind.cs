namespace ChunkStream.Transport.Lanes;

public enum LaneKind
{
    Quic,
    Tls,
}
