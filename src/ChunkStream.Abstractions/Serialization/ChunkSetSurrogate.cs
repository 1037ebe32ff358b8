using ChunkStream.Core.Layout;

namespace ChunkStream.Abstractions.Serialization;

[GenerateSerializer, Alias("chunkstream.chunkset")]
public struct ChunkSetSurrogate
{
    /// <summary>The set in its own compact form: <see cref="ChunkSet.ToBytes"/>.</summary>
    [Id(0)] public byte[] Bytes { get; set; }
}

[RegisterConverter]
public sealed class ChunkSetConverter : IConverter<ChunkSet, ChunkSetSurrogate>
{
    public ChunkSet ConvertFromSurrogate(in ChunkSetSurrogate surrogate) => ChunkSet.FromBytes(surrogate.Bytes);

    public ChunkSetSurrogate ConvertToSurrogate(in ChunkSet value) => new() { Bytes = value.ToBytes() };
}
