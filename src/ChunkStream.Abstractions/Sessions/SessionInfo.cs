using ChunkStream.Core.Layout;

namespace ChunkStream.Abstractions.Sessions;

/// <summary>
/// The durable progress of a transfer: what a sender resumes from. Within a silo the sets are the grain's own and shared by everyone
/// who asked: to change one, clone it.
/// </summary>
[GenerateSerializer, Immutable, Alias("chunkstream.session.info")]
public sealed record SessionInfo
{
    [Id(0)] public required Guid Id { get; init; }
    [Id(1)] public required Guid TransferId { get; init; }
    [Id(2)] public required SessionStatus Status { get; init; }
    [Id(3)] public required FileLayout Layout { get; init; }
    [Id(4)] public required ChunkSet Committed { get; init; }
    [Id(5)] public required ChunkSet Failed { get; init; }
    [Id(6)] public required DateTimeOffset CreatedAt { get; init; }
    [Id(7)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether sending can go on, and why not where it can't.</summary>
    [Id(8)] public required bool IsResumable { get; init; }
    [Id(9)] public string? NotResumableBecause { get; init; }

    /// <summary>Bytes of the committed chunks, parity included.</summary>
    public long CommittedBytes => Committed.BytesIn(Layout);

    /// <summary>The chunks that aren't committed, parity included, as ranges. Computed at every call, on the reader's side.</summary>
    public ChunkSet Remaining() => Committed.Missing(Layout);
}
