using ChunkStream.Abstractions.Transfers;
using ChunkStream.Grains.Transfers;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace ChunkStream.Grains.Sessions;

/// <summary>
/// The catalogue says which transfers may be old enough, their grains decide. Everything may be done twice, so a silo that dies in
/// between costs nothing: the reminder comes again, to another silo if need be.
/// </summary>
[Reentrant]
[GrainType("chunkstream.session-cleanup")]
internal sealed partial class SessionCleanupGrain(
    TransferSurvey survey, TransferOptions options, TimeProvider time, ILogger<SessionCleanupGrain> logger) : Grain, ISessionCleanup, IRemindable
{
    private const string ReminderName = "clean-up";
    private const int PageSize = 256;
    private const int AtOnce = 16;

    // A gateway tells of a client that has gone after seconds; here is looked for those that it couldn't know of.
    private static readonly TimeSpan DesertedAfter = TimeSpan.FromMinutes(5);

    private Task<CleanupReport>? _running;

    public Task ScheduleAsync() => this.RegisterOrUpdateReminder(ReminderName, options.CleanUpEvery, options.CleanUpEvery);

    // Not awaited: a reminder's call has seconds, cleaning up may have thousands of transfers to ask.
    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        TryCleanUpAsync().Ignore();
        return Task.CompletedTask;
    }

    public async Task<CleanupReport> CleanUpAsync()
    {
        _running ??= CleanUpOnceAsync();
        try
        {
            return await _running;
        }
        finally
        {
            _running = null;
        }
    }

    private async Task TryCleanUpAsync()
    {
        try
        {
            await CleanUpAsync();
        }
        catch (Exception exception)
        {
            LogStopped(logger, exception);
        }
    }

    private async Task<CleanupReport> CleanUpOnceAsync()
    {
        DateTimeOffset now = time.GetUtcNow();
        int expired = 0;
        foreach (TransferState state in (TransferState[])[TransferState.Preparing, TransferState.Transferring, TransferState.Paused])
            expired += await ForEachAsync(state, now - options.AbandonAfter, (transfer, since) => transfer.ExpireAsync(since));
        CleanupReport report = new(
            await ForEachAsync(TransferState.Completed, now - options.KeepCompleted, (transfer, since) => transfer.ForgetAsync(since)),
            await ForEachAsync(TransferState.Failed, now - options.KeepFailed, (transfer, since) => transfer.ForgetAsync(since)),
            expired,
            await ForEachAsync(TransferState.Transferring, now - DesertedAfter, (transfer, since) => transfer.StopDesertedAsync(since)));
        if (report != new CleanupReport(0, 0, 0)) LogCleanedUp(logger, report.Completed, report.Failed, report.Expired, report.Stopped);
        return report;
    }

    private async Task<int> ForEachAsync(TransferState state, DateTimeOffset? unchangedSince, Func<ITransferMaintenance, DateTimeOffset, Task<bool>> act)
    {
        if (unchangedSince is not { } since) return 0;
        int acted = 0;
        AgedTransfer? after = null;
        while (await survey.UnchangedAsync(state, since, after, PageSize) is { Count: > 0 } page)
        {
            foreach (AgedTransfer[] some in page.Chunk(AtOnce))
                acted += (await Task.WhenAll(some.Select(old => act(GrainFactory.GetGrain<ITransferMaintenance>(old.Id), since)))).Count(did => did);
            after = page[^1];
        }
        return acted;
    }
}
