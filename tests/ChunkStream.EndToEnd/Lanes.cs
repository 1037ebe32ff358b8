using ChunkStream.Sdk;
using ChunkStream.Transport.Paths;

namespace ChunkStream.EndToEnd;

/// <summary>What lanes these tests run over: TLS everywhere, QUIC where this machine has it.</summary>
public static class Lanes
{
    public static TransportChoice[] Kinds { get; } =
        PathDialer.IsQuicSupported ? [TransportChoice.Tls, TransportChoice.Quic] : [TransportChoice.Tls];

    public static TheoryData<TransportChoice> All => [.. Kinds];
}
