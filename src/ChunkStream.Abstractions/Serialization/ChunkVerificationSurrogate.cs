using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;

namespace ChunkStream.Abstractions.Serialization;

[GenerateSerializer, Alias("chunkstream.chunk.verification")]
public struct ChunkVerificationSurrogate
{
    /// <summary>A <see cref="ChunkFinding"/>'s number.</summary>
    [Id(0)] public int Finding { get; set; }

    [Id(1)] public int Stripe { get; set; }
    [Id(2)] public int Shard { get; set; }
    [Id(3)] public long? OffsetBytes { get; set; }
    [Id(4)] public int ExpectedBytes { get; set; }
    [Id(5)] public int FoundBytes { get; set; }
    [Id(6)] public Digest Expected { get; set; }
    [Id(7)] public Digest Found { get; set; }
}

[RegisterConverter]
public sealed class ChunkVerificationConverter : IConverter<ChunkVerification, ChunkVerificationSurrogate>
{
    public ChunkVerification ConvertFromSurrogate(in ChunkVerificationSurrogate surrogate) => new(
        (ChunkFinding)surrogate.Finding, new ChunkIndex(surrogate.Stripe, surrogate.Shard), surrogate.OffsetBytes, surrogate.ExpectedBytes,
        surrogate.FoundBytes, surrogate.Expected, surrogate.Found);

    public ChunkVerificationSurrogate ConvertToSurrogate(in ChunkVerification value) => new()
    {
        Finding = (int)value.Finding,
        Stripe = value.Index.Stripe,
        Shard = value.Index.Shard,
        OffsetBytes = value.OffsetBytes,
        ExpectedBytes = value.ExpectedBytes,
        FoundBytes = value.FoundBytes,
        Expected = value.Expected,
        Found = value.Found,
    };
}
