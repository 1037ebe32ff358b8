using ChunkStream.Core.Integrity;

namespace ChunkStream.Sdk.Control;

/// <summary>All that a client needs to move a file's chunks.</summary>
public sealed record Opening
{
    public required Transfer Transfer { get; init; }
    public required ParityMode Parity { get; init; }

    /// <summary>For each shard, which gateway is its home.</summary>
    public required IReadOnlyList<string> Homes { get; init; }

    public required IReadOnlyList<GatewayAddress> Gateways { get; init; }
    public required string Ticket { get; init; }
    public required DateTimeOffset TicketExpiresAt { get; init; }

    /// <summary>Sending: for each shard, the stripes that are committed, as alternating starts and ends.</summary>
    public required IReadOnlyList<int[]> Committed { get; init; }

    /// <summary>Receiving: the file's BLAKE3.</summary>
    public Digest? Blake3 { get; init; }

    /// <summary>Receiving: the manifest's own digest.</summary>
    public Digest? ManifestDigest { get; init; }

    /// <summary>True where an unfinished transfer of the same file was answered in place of a new one.</summary>
    public bool Existing { get; init; }
}
