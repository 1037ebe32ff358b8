using ChunkStream.Abstractions.Sessions;
using ChunkStream.Core.Layout;

namespace ChunkStream.Grains.Sessions;

/// <summary>What a session grain keeps. Its sets are never changed in place: readers in the same silo share them.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.state.session")]
internal sealed record SessionRecord
{
    [Id(0)] public required Guid TransferId { get; init; }
    [Id(1)] public required SessionStatus Status { get; init; }
    [Id(2)] public required FileLayout Layout { get; init; }
    [Id(3)] public required ChunkSet Committed { get; init; }
    [Id(4)] public required ChunkSet Failed { get; init; }
    [Id(5)] public required DateTimeOffset CreatedAt { get; init; }
    [Id(6)] public required DateTimeOffset UpdatedAt { get; init; }

    public bool HasEnded => Status is SessionStatus.Completed or SessionStatus.Failed;
}
