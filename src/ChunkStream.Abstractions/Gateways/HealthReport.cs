namespace ChunkStream.Abstractions.Gateways;

/// <summary>What a gateway found when it read a file through.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.health")]
public sealed record HealthReport(
    [property: Id(0)] long CheckedChunks, [property: Id(1)] long BadChunks, [property: Id(2)] long RebuiltChunks, [property: Id(3)] long LostStripes);
