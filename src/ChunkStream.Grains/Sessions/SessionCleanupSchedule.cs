using Microsoft.Extensions.Logging;

namespace ChunkStream.Grains.Sessions;

/// <summary>
/// Sets the reminder to clean up when a silo starts, and again every day: a reminder that was lost comes back, and one that an
/// earlier configuration set gets today's interval.
/// </summary>
internal sealed partial class SessionCleanupSchedule(IGrainFactory grains, TimeProvider time, ILogger<SessionCleanupSchedule> logger)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan Again = TimeSpan.FromDays(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(10);

    private Task _work = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle)
    {
        CancellationTokenSource stopping = new();
        lifecycle.Subscribe(
            nameof(SessionCleanupSchedule), ServiceLifecycleStage.Active,
            _ =>
            {
                _work = Task.Run(() => ScheduleAsync(stopping.Token), CancellationToken.None);
                return Task.CompletedTask;
            },
            async _ =>
            {
                await stopping.CancelAsync();
                await _work;
                stopping.Dispose();
            });
    }

    private async Task ScheduleAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            TimeSpan next = Again;
            try
            {
                await grains.GetGrain<ISessionCleanup>(0).ScheduleAsync().WaitAsync(cancellationToken);
            }
            catch (Exception exception)
            {
                if (!cancellationToken.IsCancellationRequested) LogNotScheduled(logger, exception);
                next = AfterFailure;
            }
            await Task.Delay(next, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
