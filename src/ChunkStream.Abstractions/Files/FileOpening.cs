using ChunkStream.Abstractions.Gateways;

namespace ChunkStream.Abstractions.Files;

/// <summary>All that is needed to read a file's chunks: where its gateways are, and the ticket that lanes present.</summary>
[GenerateSerializer, Immutable, Alias("chunkstream.file.opening")]
public sealed record FileOpening
{
    [Id(0)] public required StoredFile File { get; init; }
    [Id(1)] public required IReadOnlyList<GatewayAddress> Gateways { get; init; }
    [Id(2)] public required string Ticket { get; init; }
    [Id(3)] public required DateTimeOffset TicketExpiresAt { get; init; }
}
