namespace ChunkStream.Abstractions.Gateways;

/// <summary>How a client reaches a gateway, and how it knows that it is the right one.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.gateway.address")]
public sealed record GatewayAddress
{
    [Id(0)] public required string GatewayId { get; init; }

    /// <summary>Host and port, such as <c>192.0.2.7:7071</c> or <c>[2001:db8::7]:7071</c>; QUIC over UDP and TLS over TCP on the same port.</summary>
    [Id(1)] public required IReadOnlyList<string> Endpoints { get; init; }

    /// <summary>SHA-256 of the certificate's SubjectPublicKeyInfo, which the client pins.</summary>
    [Id(2)] public required byte[] SpkiSha256 { get; init; }

    /// <summary>Whether the gateway listens for QUIC; TLS it always does.</summary>
    [Id(3)] public required bool HasQuic { get; init; }
}
