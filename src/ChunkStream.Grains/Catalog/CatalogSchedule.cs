using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains.Catalog;

/// <summary>Orders the catalogue's daily check when a silo starts, and tries until that is done.</summary>
internal sealed partial class CatalogSchedule(IGrainFactory grains, TimeProvider time, ILogger<CatalogSchedule> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private Task _ordering = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle)
    {
        CancellationTokenSource stopping = new();
        lifecycle.Subscribe(
            nameof(CatalogSchedule), ServiceLifecycleStage.Active,
            _ =>
            {
                _ordering = Task.Run(() => OrderAsync(stopping.Token), CancellationToken.None);
                return Task.CompletedTask;
            },
            async _ =>
            {
                await stopping.CancelAsync();
                await _ordering;
                stopping.Dispose();
            });
    }

    private async Task OrderAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<ICatalogSchedule>(0).OrderAsync().WaitAsync(cancellationToken);
                return;
            }
            catch (Exception exception)
            {
                if (!cancellationToken.IsCancellationRequested) LogNotOrdered(logger, exception);
            }
            await Task.Delay(RetryAfter, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
