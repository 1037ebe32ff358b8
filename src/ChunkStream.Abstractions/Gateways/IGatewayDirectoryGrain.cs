using ChunkStream.Core.Layout;

namespace ChunkStream.Abstractions.Gateways;

/// <summary>Which gateways there are. One grain, key 0. Forgets a gateway that hasn't announced itself for <see cref="Forgotten"/>.</summary>
[Alias("chunkstream.IGatewayDirectoryGrain")]
public interface IGatewayDirectoryGrain : IGrainWithIntegerKey
{
    static readonly TimeSpan AnnounceEvery = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(30);

    [Alias("Announce")]
    Task AnnounceAsync(GatewayInfo gateway, IGatewayControl control);

    /// <summary>The gateway is going away in good order.</summary>
    [Alias("Leave")]
    Task LeaveAsync(string gatewayId);

    [Alias("List")]
    Task<IReadOnlyList<GatewayInfo>> ListAsync();

    /// <summary>Homes for a new file's shards, k + m of them, on volumes with room; or <c>no-gateway</c> or <c>store-full</c>.</summary>
    [Alias("Place")]
    Task<Outcome<IReadOnlyList<ShardHome>>> PlaceAsync(FileLayout layout);

    /// <summary>How to reach these gateways; those that aren't there now are left out.</summary>
    [Alias("Find")]
    Task<IReadOnlyList<GatewayInfo>> FindAsync(IReadOnlyList<string> gatewayIds);

    /// <summary>The gateway's control, or <c>no-gateway</c> where it isn't there now.</summary>
    [Alias("GetControl")]
    Task<Outcome<IGatewayControl>> GetControlAsync(string gatewayId);
}
