using ChunkStream.Transport.Lanes;
using ChunkStream.Transport.Paths;

namespace ChunkStream.Sdk.Paths;

/// <summary>
/// A path's connections: one at first, and on a long path another every <see cref="Apart"/>, up to a limit. A connection whose congestion
/// control pauses to measure, as BBR does every ten seconds, then doesn't stop the path; begun together, they would pause together.
/// Thread-safe.
/// </summary>
/// <param name="first">The connection that stands.</param>
/// <param name="dial">Makes another like it.</param>
/// <param name="maxConnections">Over TLS each lane is a connection anyway, so 1.</param>
/// <param name="lanesEach">The most lanes of one connection.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionPool(
    IPathConnection first, Func<CancellationToken, Task<IPathConnection>> dial, int maxConnections, int lanesEach, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    private readonly long _startedAt = time.GetTimestamp();
    private readonly SemaphoreSlim _dialling = new(1, 1);
    private readonly List<IPathConnection> _connections = [first];
    private readonly TaskCompletionSource[] _made = [.. Enumerable.Range(0, maxConnections).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
    private int _lanes;

    public LaneKind Kind => first.Kind;

    public string Key => first.Key;

    public int MaxLanes => maxConnections * lanesEach;

    public int MaxConnections => maxConnections;

    /// <summary>How many lanes may be open by now.</summary>
    /// <param name="isLong">Whether the path is long enough for several connections.</param>
    public int LanesAllowed(bool isLong) => lanesEach * (isLong ? (int)Math.Min(maxConnections, 1 + (time.GetElapsedTime(_startedAt) / Apart)) : 1);

    /// <summary>Opens a lane on the first connection that has room for it, which is made where need be.</summary>
    /// <param name="connected">Called when another connection was made.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LaneException">The path is gone.</exception>
    public async ValueTask<Lane> OpenLaneAsync(Action connected, CancellationToken cancellationToken)
    {
        int connection = (Interlocked.Increment(ref _lanes) - 1) / lanesEach;
        await _dialling.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (_connections.Count <= connection)
            {
                IPathConnection another = await dial(cancellationToken).ConfigureAwait(false);
                another.SharePaceOf(first);
                _connections.Add(another);
                _made[_connections.Count - 1].TrySetResult();
                connected();
            }
        }
        finally
        {
            _dialling.Release();
        }
        return await _connections[connection].OpenLaneAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a lane on this connection, once it is made; one that is never made is waited for until cancelled.</summary>
    /// <exception cref="LaneException">The path is gone.</exception>
    public async ValueTask<Lane> OpenMeterAsync(int connection, CancellationToken cancellationToken)
    {
        if (connection > 0) await _made[connection].Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await _connections[connection].OpenLaneAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IPathConnection connection in _connections) await connection.DisposeAsync().ConfigureAwait(false);
        _dialling.Dispose();
    }
}
