namespace ChunkStream.Transport.Paths;

/// <summary>What a path's lanes may run over.</summary>
public enum LaneChoice
{
    Auto,
    Quic,
    Tls,
}
