using ChunkStream.Core.Integrity;

namespace ChunkStream.Abstractions.Serialization;

[GenerateSerializer, Alias("chunkstream.digest")]
public struct DigestSurrogate
{
    [Id(0)] public byte[] Bytes { get; set; }
}

[RegisterConverter]
public sealed class DigestConverter : IConverter<Digest, DigestSurrogate>
{
    public Digest ConvertFromSurrogate(in DigestSurrogate surrogate) => new(surrogate.Bytes);

    public DigestSurrogate ConvertToSurrogate(in Digest value) => new() { Bytes = value.ToArray() };
}
