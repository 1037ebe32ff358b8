using ChunkStream.Abstractions.Gateways;
using ChunkStream.Gateway.Handshake;
using ChunkStream.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Gateway.Listening;

/// <summary>Tells the directory grain that this gateway is there, again and again, and that it goes.</summary>
internal sealed partial class GatewayAnnouncer(
    IGrainFactory grains, GatewayIdentity identity, GatewayListeners listeners, LaneServer lanes, GatewayControl control, IShardStore store,
    TimeProvider time, ILogger<GatewayAnnouncer> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private IGatewayControl? _reference;
    private Task _running = Task.CompletedTask;

    /// <summary>Announces once before it returns: when the service says that it has started, it takes files.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _reference = grains.CreateObjectReference<IGatewayControl>(control);
        await AnnounceAsync().ConfigureAwait(false);
        _running = RunAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        try
        {
            await Directory.LeaveAsync(identity.Id).WaitAsync(TimeSpan.FromSeconds(2), cancellationToken).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Courtesy only: a silo that stops forgets us anyway.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogNotAnnounced(exception.Message);
        }
    }

    public void Dispose() => _stopping.Dispose();

    private IGatewayDirectoryGrain Directory => grains.GetGrain<IGatewayDirectoryGrain>(0);

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(IGatewayDirectoryGrain.AnnounceEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                try
                {
                    await AnnounceAsync().ConfigureAwait(false);
                }
#pragma warning disable CA1031 // The directory may be moving between silos; the next announcement finds it.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    LogNotAnnounced(exception.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private Task AnnounceAsync() => Directory.AnnounceAsync(
        new GatewayInfo
        {
            Address = new()
            {
                GatewayId = identity.Id,
                Endpoints = listeners.Advertised,
                SpkiSha256 = identity.Certificate.SpkiSha256,
                HasQuic = listeners.HasQuic,
            },
            Volumes = [.. store.Volumes.Select(volume => new VolumeInfo(volume.VolumeId, volume.TotalBytes, volume.FreeBytes))],
            OpenLanes = lanes.OpenLanes,
        },
        _reference!);
}
