namespace ChunkStream.Abstractions.Transfers;

/// <summary>What a client asks for when it creates a transfer. The owner is the caller's, set by the frontend.</summary>
[GenerateSerializer, Alias("chunkstream.transfer.request")]
public sealed record TransferRequest
{
    [Id(0)] public required string Owner { get; init; }
    [Id(1)] public required TransferDirection Direction { get; init; }

    /// <summary>The file's name: data, never a path on the server. 1 to 1,024 characters, no control characters.</summary>
    [Id(2)] public required string Name { get; init; }

    [Id(3)] public long SizeBytes { get; init; }

    /// <summary>What makes the client's file this one: size, modification time and samples, hashed. Same owner, name and fingerprint: same transfer.</summary>
    [Id(4)] public string Fingerprint { get; init; } = "";

    /// <summary>0: chosen from the round trip time and loss.</summary>
    [Id(5)] public int ChunkBytes { get; init; }

    /// <summary>k. Default 10.</summary>
    [Id(6)] public int DataShards { get; init; } = 10;

    /// <summary>m. Default 3.</summary>
    [Id(7)] public int ParityShards { get; init; } = 3;

    [Id(8)] public ParityMode Parity { get; init; }
    [Id(9)] public TransferPriority Priority { get; init; } = TransferPriority.Normal;

    /// <summary>The file to receive; unused when sending.</summary>
    [Id(10)] public Guid FileId { get; init; }

    /// <summary>The client's round trip time to the service, where it knows it.</summary>
    [Id(11)] public TimeSpan? RoundTrip { get; init; }

    /// <summary>The share of packets that the client's network loses, 0 to 1, where it knows it.</summary>
    [Id(12)] public double? LossRate { get; init; }

    /// <summary>
    /// When sending: the file's BLAKE3, where the client knows it beforehand. The transfer then completes by itself when all that its
    /// parity mode has sent is committed, whether or not the client lives to ask for it. Null: the client says when it is done.
    /// </summary>
    [Id(13)] public Core.Integrity.Digest? ContentHash { get; init; }

    /// <summary>
    /// The chunk size that the client's network got last, where the service chose it from what was measured: it is kept while the network
    /// wavers about a bound. Null: none.
    /// </summary>
    [Id(14)] public int? PreviousChunkBytes { get; init; }
}
