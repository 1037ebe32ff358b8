using ChunkStream.Sdk.Control;
using ChunkStream.Transport.Paths;

namespace ChunkStream.Sdk.Paths;

/// <summary>
/// What a call does about the network while the service makes its transfer: asks what earlier calls measured, and dials the service's
/// gateway where there is only one, so that the first chunk doesn't wait for the handshake.
/// </summary>
internal sealed class HeadStart(
    IControlPlane control, ChunkStreamClientOptions client, PathDialer dialer, TimeProvider time, CancellationToken cancellationToken) : IAsyncDisposable
{
    // What a path carried longer ago says little of it.
    private static readonly TimeSpan StillKnown = TimeSpan.FromHours(1);
    private const int MostPaths = 8;

    private readonly CancellationTokenSource _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<IPathConnection>> _dialled = [];
    private bool _isAsked;
    private Task _asking = Task.CompletedTask;

    /// <summary>What earlier calls measured; empty before it is known.</summary>
    public IReadOnlyList<PathState> Known { get; private set; } = [];

    /// <summary>Ends when all that is to be dialled has been begun.</summary>
    public Task Dialling { get; private set; } = Task.CompletedTask;

    /// <summary>Asks, answers with what is known, and goes on to dial. Once a call.</summary>
    /// <exception cref="ChunkStreamException">The service can't be asked.</exception>
    public Task BeginAsync()
    {
        Task<IReadOnlyList<GatewayState>> gateways = control.ListGatewaysAsync(_ending.Token);
        _asking = AskAsync();
        Dialling = DialAsync(gateways);
        return _asking;

        async Task AskAsync() => Known = await control.ListPathsAsync(_ending.Token).ConfigureAwait(false);
    }

    /// <summary>What this path carried lately, in whichever direction; null where that isn't known.</summary>
    public PathState? Of(string key) => Known.FirstOrDefault(path => path.Key == key && time.GetUtcNow() - path.UpdatedAt < StillKnown);

    /// <summary>
    /// The connection that was dialled for this path, once; null where there is none. Then the head start is over: nothing more is dialled.
    /// </summary>
    public Task<IPathConnection>? Take(PlannedPath path)
    {
        lock (_lock)
        {
            _isAsked = true;
            return _dialled.Remove(path.Id, out Task<IPathConnection>? dialled) ? dialled : null;
        }
    }

    /// <summary>Keeps a connection for whoever takes it next. False where there is one already.</summary>
    public bool TryKeep(PlannedPath path, Task<IPathConnection> dialled)
    {
        lock (_lock) return _dialled.TryAdd(path.Id, dialled);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_asking, Dialling).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            foreach (Task<IPathConnection> unused in _dialled.Values) _ = PathDialer.DropAsync(unused);
            _dialled.Clear();
        }
        _ending.Dispose();
    }

    // Courtesy: what goes wrong here goes wrong again, or not, where it matters.
    private async Task DialAsync(Task<IReadOnlyList<GatewayState>> asking)
    {
        try
        {
            // Of several, the plan names those that are the file's.
            if (await asking.ConfigureAwait(false) is not [GatewayState gateway]) return;
            IReadOnlyList<PlannedPath> paths = await new PathPlanner(client).PlanAsync([gateway.Address], _ending.Token).ConfigureAwait(false);
            CancellationToken ending = _ending.Token;
            lock (_lock)
            {
                if (_isAsked) return;
                // On the pool: what a first dial has to load, whoever takes it shouldn't wait for.
                foreach (PlannedPath path in paths.OrderBy(path => path.Rank).Take(MostPaths))
                    _dialled.TryAdd(path.Id, Task.Run(() => dialer.DialAsync(path.Address, ending), CancellationToken.None));
            }
        }
        catch (Exception exception) when (exception is ChunkStreamException or OperationCanceledException)
        {
        }
    }
}
