using ChunkStream.Core.Integrity;

namespace ChunkStream.Sdk.Control;

/// <summary>The body of <c>POST /api/v1/transfers</c>.</summary>
public sealed record CreateTransfer
{
    public required TransferDirection Direction { get; init; }

    /// <summary>Sending: the file's name, 1 to 1,024 characters without control characters. Receiving: ignored.</summary>
    public string Name { get; init; } = "";

    /// <summary>Sending: the file's length.</summary>
    public long SizeBytes { get; init; }

    /// <summary>Sending: names this content, so that sending it again resumes. Empty: never resumes another transfer.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>0: chosen from round trip time and loss. Else a power of two, 65,536 to 1,048,576.</summary>
    public int ChunkBytes { get; init; }

    public int DataShards { get; init; } = 10;
    public int ParityShards { get; init; } = 3;
    public ParityMode Parity { get; init; }
    public TransferPriority Priority { get; init; } = TransferPriority.Normal;

    /// <summary>Receiving: the file.</summary>
    public Guid? FileId { get; init; }

    /// <summary>
    /// Sending: the file's BLAKE3, where it is known beforehand. The transfer then completes by itself as soon as all of its chunks are
    /// committed (all data chunks, with adaptive parity).
    /// </summary>
    public Digest? Blake3 { get; init; }

    /// <summary>The client's round trip to the service in milliseconds, where it knows it.</summary>
    public double? RoundTripMs { get; init; }

    /// <summary>The share of packets lost, 0 to 1, where the client knows it.</summary>
    public double? LossRate { get; init; }

    /// <summary>
    /// The chunk size that this network got last from <see cref="RoundTripMs"/> and <see cref="LossRate"/>: a power of two, 65,536 to
    /// 1,048,576. It is kept until the network is a quarter better or worse than the bound to the next size. Null: none.
    /// </summary>
    public int? PreviousChunkBytes { get; init; }
}
