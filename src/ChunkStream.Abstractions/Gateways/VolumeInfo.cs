namespace ChunkStream.Abstractions.Gateways;

[GenerateSerializer, Immutable, Alias("chunkstream.volume")]
public sealed record VolumeInfo([property: Id(0)] string VolumeId, [property: Id(1)] long TotalBytes, [property: Id(2)] long FreeBytes);
