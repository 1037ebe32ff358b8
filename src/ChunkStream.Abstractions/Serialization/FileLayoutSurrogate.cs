using ChunkStream.Core.Layout;

namespace ChunkStream.Abstractions.Serialization;

[GenerateSerializer, Alias("chunkstream.layout")]
public struct FileLayoutSurrogate
{
    [Id(0)] public long SizeBytes { get; set; }
    [Id(1)] public int ChunkBytes { get; set; }
    [Id(2)] public int DataShards { get; set; }
    [Id(3)] public int ParityShards { get; set; }
}

[RegisterConverter]
public sealed class FileLayoutConverter : IConverter<FileLayout, FileLayoutSurrogate>
{
    public FileLayout ConvertFromSurrogate(in FileLayoutSurrogate surrogate) =>
        new(surrogate.SizeBytes, surrogate.ChunkBytes, surrogate.DataShards, surrogate.ParityShards);

    public FileLayoutSurrogate ConvertToSurrogate(in FileLayout value) => new()
    {
        SizeBytes = value.SizeBytes,
        ChunkBytes = value.ChunkBytes,
        DataShards = value.DataShards,
        ParityShards = value.ParityShards,
    };
}
