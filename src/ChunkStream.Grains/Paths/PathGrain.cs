using ChunkStream.Abstractions.Paths;
using ChunkStream.Grains.Catalog;
using ChunkStream.Grains.State;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace ChunkStream.Grains.Paths;

/// <summary>
/// Measures in memory and writes on a change of status, and otherwise at most every <see cref="WriteEvery"/>: what a crash costs
/// is half a minute of statistics.
/// </summary>
[Reentrant]
[GrainType("chunkstream.path")]
internal sealed partial class PathGrain : Grain, IPathGrain
{
    public static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(30);

    private readonly DurableState<PathRecord> _state;
    private readonly CatalogStore _catalog;
    private readonly TimeProvider _time;
    private readonly ILogger<PathGrain> _logger;
    private PathHealth? _health;
    private DateTimeOffset _writtenAt;

    public PathGrain(DurableStates states, CatalogStore catalog, TimeProvider time, ILogger<PathGrain> logger)
    {
        _state = states.For<PathRecord>("path", this);
        (_catalog, _time, _logger) = (catalog, time, logger);
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await _state.LoadAsync();
        _health = _state.Value?.Health;
        _writtenAt = _health?.UpdatedAt ?? DateTimeOffset.MinValue;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_health is not null && !ReferenceEquals(_health, _state.Value?.Health)) await WriteAsync(_health);
    }

    public async Task<PathInfo> ReportAsync(PathSample sample)
    {
        PathHealth before = _health ?? new();
        PathHealth health = _health = before.After(sample, _time.UtcNow());
        if (health.Status != before.Status || health.UpdatedAt - _writtenAt >= WriteEvery) await WriteAsync(health);
        return health.ToInfo(Key);
    }

    public Task<PathInfo?> GetAsync() => Task.FromResult(_health?.ToInfo(Key));

    /// <summary>The key of the grain of an owner's path.</summary>
    public static string KeyOf(string owner, string path) => $"{owner}|{path}";

    // The path key is local address, gateway endpoint and kind, and has no bar; whatever an owner is called, the last one divides.
    private int Bar => this.GetPrimaryKeyString().LastIndexOf('|');

    private string Key => this.GetPrimaryKeyString()[(Bar + 1)..];

    private string Owner => Bar < 0 ? "" : this.GetPrimaryKeyString()[..Bar];

    private async Task WriteAsync(PathHealth health)
    {
        // Before the wait: samples that come meanwhile don't each start a write of their own.
        _writtenAt = health.UpdatedAt;
        // Whatever fails here costs statistics, and the durable state has logged it; the sender that measured isn't bothered.
        if (!(await _state.UpdateAsync(_ => new PathRecord { Health = health })).IsOk) return;
        try
        {
            await _catalog.SavePathAsync(Owner, health.ToInfo(Key));
        }
        catch (Exception exception)
        {
            LogCatalogueFailed(_logger, exception);
        }
    }
}
