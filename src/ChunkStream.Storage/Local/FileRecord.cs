using ChunkStream.Core.Layout;

namespace ChunkStream.Storage.Local;

/// <summary>What <c>file.json</c> says: the layout that the shards beside it were cut with.</summary>
internal sealed record FileRecord(Guid FileId, long SizeBytes, int ChunkBytes, int DataShards, int ParityShards)
{
    public static FileRecord Of(Guid fileId, FileLayout layout) =>
        new(fileId, layout.SizeBytes, layout.ChunkBytes, layout.DataShards, layout.ParityShards);

    public override string ToString() => $"{SizeBytes} bytes in {DataShards}+{ParityShards} chunks of {ChunkBytes}";
}
