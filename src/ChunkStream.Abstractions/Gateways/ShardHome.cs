namespace ChunkStream.Abstractions.Gateways;

/// <summary>Where a shard rests: a gateway, and one of its volumes.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.home")]
public readonly record struct ShardHome([property: Id(0)] string GatewayId, [property: Id(1)] string VolumeId);
