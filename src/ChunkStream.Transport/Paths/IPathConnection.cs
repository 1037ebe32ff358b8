using ChunkStream.Transport.Lanes;

namespace ChunkStream.Transport.Paths;

/// <summary>A live path to a gateway, on which lanes are opened.</summary>
public interface IPathConnection : IAsyncDisposable
{
    LaneKind Kind { get; }

    /// <summary>Local address, arrow, gateway endpoint and kind: what path grains are keyed by.</summary>
    string Key { get; }

    /// <summary>Whether what its lanes send withstands loss, as BBR does. False where CUBIC is all there is.</summary>
    bool WithstandsLoss { get; }

    /// <summary>Whether the gateway has been heard since the handshake, whose end it may have missed.</summary>
    bool IsHeard { get; }

    /// <summary>Before the first lane: what both send together keeps to one pace. Does nothing where congestion control keeps it.</summary>
    void SharePaceOf(IPathConnection other);

    /// <exception cref="LaneException">The path is gone.</exception>
    ValueTask<Lane> OpenLaneAsync(CancellationToken cancellationToken);
}
