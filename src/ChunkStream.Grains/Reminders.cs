using ChunkStream.Grains.Catalog;
using ChunkStream.Grains.Sessions;
using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains;

/// <summary>
/// Sets the service's reminders when a silo starts, and again every day: one that was lost comes back, and one that an earlier
/// configuration set gets today's interval. Every silo may do it.
/// </summary>
internal sealed partial class Reminders(IGrainFactory grains, TimeProvider time, ILogger<Reminders> logger) : SiloTask
{
    private static readonly TimeSpan Again = TimeSpan.FromDays(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);

    protected override async Task RunAsync(CancellationToken cancellationToken)
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
