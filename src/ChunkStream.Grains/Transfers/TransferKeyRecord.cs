namespace ChunkStream.Grains.Transfers;

/// <summary>Which transfer holds a key.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.state.transferkey")]
internal sealed record TransferKeyRecord
{
    /// <summary>Null where the key is free.</summary>
    [Id(0)] public Guid? Holder { get; init; }
}
