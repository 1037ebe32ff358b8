namespace ChunkStream.Sdk;

/// <summary>What lanes run over.</summary>
public enum TransportChoice
{
    /// <summary>QUIC where it works, TLS where it doesn't: decided for each path, within a second.</summary>
    Auto,

    Quic,
    Tls,
}
