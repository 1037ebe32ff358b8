namespace ChunkStream.Grains.Paths;

/// <summary>What a path grain keeps: its health as it was last written.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.state.path")]
internal sealed record PathRecord
{
    [Id(0)] public required PathHealth Health { get; init; }
}
