namespace ChunkStream.Sdk.Control;

/// <summary>What of a stripe's parity crosses the network.</summary>
public enum ParityMode
{
    /// <summary>All k + m chunks are sent.</summary>
    Full,

    /// <summary>Data first, parity only in place of what a path holds up; the gateway codes the rest at rest.</summary>
    Adaptive,
}
