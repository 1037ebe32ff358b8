using ChunkStream.Transport.Lanes;
using ChunkStream.Transport.Paths;

namespace ChunkStream.Sdk.Paths;

/// <summary>A path's connections: one at first, more as lanes ask for them, up to a limit. Thread-safe.</summary>
/// <param name="first">The connection that stands.</param>
/// <param name="dial">Makes another like it.</param>
/// <param name="maxConnections">Over TLS each lane is a connection anyway, so 1.</param>
/// <param name="maxLanes">Shared out evenly.</param>
internal sealed class ConnectionPool(IPathConnection first, Func<CancellationToken, Task<IPathConnection>> dial, int maxConnections, int maxLanes) : IAsyncDisposable
{
    private readonly SemaphoreSlim _dialling = new(1, 1);
    private readonly List<IPathConnection> _connections = [first];
    private int _lanes;

    public LaneKind Kind => first.Kind;

    public string Key => first.Key;

    public int MaxLanes => maxLanes;

    /// <exception cref="LaneException">The path is gone.</exception>
    public async ValueTask<Lane> OpenLaneAsync(Action connected, CancellationToken cancellationToken)
    {
        int lane = Interlocked.Increment(ref _lanes) - 1;
        int connection = lane * maxConnections / maxLanes;
        await _dialling.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (_connections.Count <= connection)
            {
                _connections.Add(await dial(cancellationToken).ConfigureAwait(false));
                connected();
            }
        }
        finally
        {
            _dialling.Release();
        }
        return await _connections[connection].OpenLaneAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A lane on the first connection that isn't one of those shared out.</summary>
    public ValueTask<Lane> OpenFirstAsync(CancellationToken cancellationToken) => first.OpenLaneAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        foreach (IPathConnection connection in _connections) await connection.DisposeAsync().ConfigureAwait(false);
        _dialling.Dispose();
    }
}
