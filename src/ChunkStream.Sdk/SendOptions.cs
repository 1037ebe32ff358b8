using ChunkStream.Core.Layout;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Sdk;

/// <summary>How one file is sent.</summary>
public sealed class SendOptions
{
    /// <summary>The name that the service keeps; null: the file's own.</summary>
    public string? Name { get; init; }

    /// <summary>0: the service chooses from round trip time and loss. Else a power of two, 64 KiB to 1 MiB.</summary>
    public int ChunkBytes { get; init; }

    /// <summary>k: 1 to 128.</summary>
    public int DataShards { get; init; } = 10;

    /// <summary>m: 0 to 255 - k.</summary>
    public int ParityShards { get; init; } = 3;

    public ParityMode Parity { get; init; }

    /// <summary>
    /// How much of the bandwidth it gets beside other transfers: 50, 30 or 20 % while all levels are busy. Default: normal. A transfer
    /// that is resumed keeps its own.
    /// </summary>
    public TransferPriority Priority { get; init; } = TransferPriority.Normal;

    /// <summary>
    /// For demonstrations and tests: chunks for which this is true are thrown away in place of being written to a lane, as a dead
    /// network would, and never sent again. A stripe that loses more than m chunks this way can't complete.
    /// </summary>
    public Func<ChunkIndex, bool>? LoseChunk { get; init; }

    /// <summary>For demonstrations and tests: called, on any thread, for each chunk that is written to a lane.</summary>
    public Action<ChunkIndex>? ChunkSent { get; init; }
}
