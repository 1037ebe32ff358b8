using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;

namespace ChunkStream.Grains.Gateways;

/// <summary>
/// Kept in memory alone: what it knows is five seconds old or gone, and after a restart the gateways announce themselves again.
/// </summary>
[GrainType("chunkstream.gatewaydirectory")]
internal sealed class GatewayDirectoryGrain(TimeProvider time) : Grain, IGatewayDirectoryGrain
{
    private readonly Dictionary<string, Entry> _gateways = [];

    public Task AnnounceAsync(GatewayInfo gateway, IGatewayControl control)
    {
        _gateways[gateway.Address.GatewayId] = new(gateway, control, time.GetTimestamp(), new(gateway.Volumes));
        return Task.CompletedTask;
    }

    public Task LeaveAsync(string gatewayId)
    {
        _gateways.Remove(gatewayId);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<GatewayInfo>> ListAsync()
    {
        Forget();
        return Task.FromResult<IReadOnlyList<GatewayInfo>>([.. _gateways.Values.Select(entry => entry.Info).OrderBy(info => info.Address.GatewayId, StringComparer.Ordinal)]);
    }

    public Task<Outcome<IReadOnlyList<ShardHome>>> PlaceAsync(FileLayout layout)
    {
        Forget();
        return Task.FromResult(Place(layout));
    }

    public Task<IReadOnlyList<GatewayInfo>> FindAsync(IReadOnlyList<string> gatewayIds)
    {
        Forget();
        return Task.FromResult<IReadOnlyList<GatewayInfo>>([.. gatewayIds.Where(_gateways.ContainsKey).Select(id => _gateways[id].Info)]);
    }

    public Task<Outcome<IGatewayControl>> GetControlAsync(string gatewayId)
    {
        Forget();
        return Task.FromResult<Outcome<IGatewayControl>>(_gateways.TryGetValue(gatewayId, out Entry? entry)
            ? new Outcome<IGatewayControl>(entry.Control, FailureCode.None, null)
            : new Failure(FailureCode.NoGateway, $"The gateway {gatewayId} isn't there now."));
    }

    // One gateway for a whole file: the least busy one that has room, the roomiest of equals.
    private Outcome<IReadOnlyList<ShardHome>> Place(FileLayout layout)
    {
        if (_gateways.Count == 0) return new Failure(FailureCode.NoGateway, "There is no gateway now that could store the file.");
        foreach ((string gatewayId, Entry entry) in _gateways.OrderBy(pair => pair.Value.Info.OpenLanes).ThenByDescending(pair => pair.Value.Room.FreeBytes))
            if (entry.Room.TryPlace(layout) is { } volumeIds)
                return new Outcome<IReadOnlyList<ShardHome>>([.. volumeIds.Select(volumeId => new ShardHome(gatewayId, volumeId))], FailureCode.None, null);
        long free = _gateways.Values.Max(entry => entry.Room.FreeBytes);
        return new Failure(FailureCode.StoreFull, $"The file needs {layout.StoredBytes} bytes with its parity; the emptiest gateway has {free} free.");
    }

    private void Forget()
    {
        foreach ((string gatewayId, Entry entry) in _gateways)
            if (time.GetElapsedTime(entry.AnnouncedAt) > IGatewayDirectoryGrain.Forgotten) _gateways.Remove(gatewayId);
    }

    private sealed record Entry(GatewayInfo Info, IGatewayControl Control, long AnnouncedAt, VolumeRoom Room);
}
