using ChunkStream.Sdk.Control;

namespace ChunkStream.Sdk;

/// <summary>
/// Sends files to the service and receives them. Thread-safe; one instance for a process is enough. A call that fails or is
/// cancelled keeps what was committed, and the same call again goes on from there.
/// </summary>
public sealed class ChunkStreamClient(IControlPlane control)
{
    /// <summary>The commands that don't move bytes.</summary>
    public IControlPlane Control { get; } = control;
}
