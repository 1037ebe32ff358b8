using ChunkStream.Transport.Lanes;

namespace ChunkStream.Transport.Paths;

/// <summary>A live path to a gateway, on which lanes are opened.</summary>
public interface IPathConnection : IAsyncDisposable
{
    LaneKind Kind { get; }

    /// <summary>Local address, arrow, gateway endpoint and kind: what path grains are keyed by.</summary>
    string Key { get; }

    /// <exception cref="LaneException">The path is gone.</exception>
    ValueTask<Lane> OpenLaneAsync(CancellationToken cancellationToken);
}
