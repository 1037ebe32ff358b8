using ChunkStream.Sdk.Control;

namespace ChunkStream.Sdk;

/// <summary>How one file is received.</summary>
public sealed class ReceiveOptions
{
    /// <summary>Replace a file that is there under the output's name. Default: refuse.</summary>
    public bool Overwrite { get; init; }

    /// <summary>How much of the bandwidth it gets beside other transfers: 50, 30 or 20 % while all levels are busy. Default: normal.</summary>
    public TransferPriority Priority { get; init; } = TransferPriority.Normal;
}
