using ChunkStream.Abstractions.Gateways;
using ChunkStream.Core.Integrity;
using ChunkStream.Core.Layout;

namespace ChunkStream.Abstractions.Transfers;

/// <summary>All that a client needs to move chunks: the plan, where the gateways are, and the ticket that its lanes present.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.transfer.opening")]
public sealed record TransferOpening
{
    [Id(0)] public required TransferInfo Transfer { get; init; }
    [Id(1)] public required TransferPlan Plan { get; init; }
    [Id(2)] public required IReadOnlyList<GatewayAddress> Gateways { get; init; }
    [Id(3)] public required string Ticket { get; init; }
    [Id(4)] public required DateTimeOffset TicketExpiresAt { get; init; }

    /// <summary>When sending: the chunks that are committed already.</summary>
    [Id(5)] public required ChunkSet Committed { get; init; }

    /// <summary>When receiving: the file's BLAKE3.</summary>
    [Id(6)] public Digest? ContentHash { get; init; }

    /// <summary>When receiving: the manifest's own digest.</summary>
    [Id(7)] public Digest? ManifestDigest { get; init; }

    /// <summary>True where the same owner's unfinished transfer of the same file was answered in place of a new one.</summary>
    [Id(8)] public bool Existing { get; init; }
}
