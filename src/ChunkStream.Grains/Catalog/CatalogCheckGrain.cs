using ChunkStream.Abstractions.Catalog;
using Orleans.Concurrency;

namespace ChunkStream.Grains.Catalog;

/// <summary>Reentrant, so that whoever asks while a check is under way waits for that one.</summary>
[Reentrant]
[GrainType("chunkstream.catalogcheck")]
internal sealed class CatalogCheckGrain(CatalogCheck check) : Grain, ICatalogCheckGrain, ICatalogSchedule, IRemindable, IDisposable
{
    private const string Reminder = "catalogue-check";
    private static readonly TimeSpan FirstAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);

    // The longest that a check is taken to last: the activation stays for it.
    private static readonly TimeSpan StayForCheck = TimeSpan.FromHours(6);

    private readonly CancellationTokenSource _stopping = new();
    private Task<CatalogReport>? _running;

    public async Task<CatalogReport> CheckAsync()
    {
        if (_running is { } underWay) return await underWay;
        DelayDeactivation(StayForCheck);
        _running = check.RunAsync(_stopping.Token);
        try
        {
            return await _running;
        }
        finally
        {
            _running = null;
            DelayDeactivation(TimeSpan.Zero);
        }
    }

    public async Task OrderAsync()
    {
        // One that is there keeps its time: silos that start often must not put the check off for ever.
        if (await this.GetReminder(Reminder) is null) await this.RegisterOrUpdateReminder(Reminder, FirstAfter, Every);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        // Not waited for: a call from the reminder service ends after seconds.
        CheckAsync().Ignore();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _stopping.CancelAsync();

    public void Dispose() => _stopping.Dispose();
}
