using ChunkStream.Grains.Catalog;
using ChunkStream.Grains.Sessions;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains;

/// <summary>
/// Sets the service's reminders when a silo starts, and again every day: one that was lost comes back, and one that an earlier
/// configuration set gets today's interval. Every silo may do it.
/// </summary>
internal sealed partial class Reminders(IGrainFactory grains, TimeProvider time, ILogger<Reminders> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Again = TimeSpan.FromDays(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);

    private Task _work = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle)
    {
        CancellationTokenSource stopping = new();
        lifecycle.Subscribe(
            nameof(Reminders), ServiceLifecycleStage.Active,
            _ =>
            {
                _work = Task.Run(() => SetAsync(stopping.Token), CancellationToken.None);
                return Task.CompletedTask;
            },
            async _ =>
            {
                await stopping.CancelAsync();
                await _work;
                stopping.Dispose();
            });
    }

    private async Task SetAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            TimeSpan next = Again;
            try
            {
                await grains.GetGrain<ISessionCleanup>(0).ScheduleAsync().WaitAsync(cancellationToken);
                await grains.GetGrain<ICatalogSchedule>(0).OrderAsync().WaitAsync(cancellationToken);
            }
            catch (Exception exception)
            {
                if (!cancellationToken.IsCancellationRequested) LogNotSet(logger, exception);
                next = AfterFailure;
            }
            await Task.Delay(next, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
