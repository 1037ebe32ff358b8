namespace ChunkStream.Abstractions.Transfers;

/// <summary>What a gateway is told when it opens a transfer's lanes: the plan, which stands, and the priority, which may change.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.transfer.admission")]
public sealed record TransferAdmission([property: Id(0)] TransferPlan Plan, [property: Id(1)] TransferPriority Priority);
