namespace ChunkStream.Sdk.Control;

/// <summary>How to reach a gateway, and the SHA-256 of its certificate's SubjectPublicKeyInfo (base64 in JSON) that the client pins.</summary>
public sealed record GatewayAddress
{
    public required string GatewayId { get; init; }
    public required IReadOnlyList<string> Endpoints { get; init; }
    public required byte[] SpkiSha256 { get; init; }
    public required bool HasQuic { get; init; }
}
