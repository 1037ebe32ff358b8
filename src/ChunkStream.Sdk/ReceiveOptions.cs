namespace ChunkStream.Sdk;

/// <summary>How one file is received.</summary>
public sealed class ReceiveOptions
{
    /// <summary>Replace a file that is there under the output's name. Default: refuse.</summary>
    public bool Overwrite { get; init; }
}
