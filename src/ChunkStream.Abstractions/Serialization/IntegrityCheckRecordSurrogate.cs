using ChunkStream.Core.Integrity;
using ChunkStream.Core.Integrity.Verification;
using ChunkStream.Core.Layout;

namespace ChunkStream.Abstractions.Serialization;

[GenerateSerializer, Alias("chunkstream.integrity.record")]
public struct IntegrityCheckRecordSurrogate
{
    /// <summary>An <see cref="IntegritySubject"/>'s number.</summary>
    [Id(0)] public byte Subject { get; set; }

    [Id(1)] public Guid FileId { get; set; }

    /// <summary>Null, with <see cref="Shard"/>, where the subject isn't a chunk.</summary>
    [Id(2)] public int? Stripe { get; set; }

    [Id(3)] public int? Shard { get; set; }
    [Id(4)] public DateTimeOffset CheckedAt { get; set; }
    [Id(5)] public long ExpectedBytes { get; set; }
    [Id(6)] public long FoundBytes { get; set; }
    [Id(7)] public Digest Expected { get; set; }
    [Id(8)] public Digest Found { get; set; }
}

[RegisterConverter]
public sealed class IntegrityCheckRecordConverter : IConverter<IntegrityCheckRecord, IntegrityCheckRecordSurrogate>
{
    public IntegrityCheckRecord ConvertFromSurrogate(in IntegrityCheckRecordSurrogate surrogate) => new(
        (IntegritySubject)surrogate.Subject, surrogate.FileId,
        surrogate is { Stripe: { } stripe, Shard: { } shard } ? new ChunkIndex(stripe, shard) : null,
        surrogate.CheckedAt, surrogate.ExpectedBytes, surrogate.FoundBytes, surrogate.Expected, surrogate.Found);

    public IntegrityCheckRecordSurrogate ConvertToSurrogate(in IntegrityCheckRecord value) => new()
    {
        Subject = (byte)value.Subject,
        FileId = value.FileId,
        Stripe = value.Index?.Stripe,
        Shard = value.Index?.Shard,
        CheckedAt = value.CheckedAt,
        ExpectedBytes = value.ExpectedBytes,
        FoundBytes = value.FoundBytes,
        Expected = value.Expected,
        Found = value.Found,
    };
}
