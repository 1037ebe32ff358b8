namespace ChunkStream.Abstractions.Gateways;

/// <summary>A gateway as it announces itself.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.gateway.info")]
public sealed record GatewayInfo
{
    [Id(0)] public required GatewayAddress Address { get; init; }
    [Id(1)] public required IReadOnlyList<VolumeInfo> Volumes { get; init; }

    /// <summary>Lanes that are open now.</summary>
    [Id(2)] public required int OpenLanes { get; init; }
}
