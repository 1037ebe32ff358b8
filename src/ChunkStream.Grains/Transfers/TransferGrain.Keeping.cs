using System.Globalization;
using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Grains.Gateways;
using ChunkStream.Grains.Sessions;
using ChunkStream.Grains.State;

namespace ChunkStream.Grains.Transfers;

/// <summary>
/// What happens to a transfer while nobody does anything with it: it completes by itself, expires, or is forgotten. Forgetting goes
/// from the session over the transfer to the catalogue's row, so that what a crash leaves behind is found again by whoever cleans up.
/// </summary>
internal sealed partial class TransferGrain
{
    public async Task<Outcome<SessionInfo>> GetSessionAsync(string owner)
    {
        Outcome<TransferRecord> owned = Owned(owner);
        if (owned.Value is not { } record) return owned.Failure!;
        Outcome<SessionInfo> session = await Session.GetAsync();
        if (session.Value is not { } info) return session.Failure!;
        string? because = record.State switch
        {
            TransferState.Completing => "Everything was sent; the file is being put together.",
            TransferState.Completed => "The file is complete.",
            TransferState.Failed => $"The transfer has failed: {record.FailureMessage}",
            _ => null,
        };
        return info with { Status = SessionStatuses.Of(record.State), IsResumable = because is null, NotResumableBecause = because };
    }

    public async Task<Outcome<TransferInfo>> DeleteAsync(string owner)
    {
        Outcome<TransferRecord> owned = Owned(owner);
        if (owned.Value is not { } record)
        {
            // Forgotten, perhaps but for its row.
            if (_state is { Failure: null, Value: null }) await _survey.RemoveAsync(Id, owner);
            return owned.Failure!;
        }
        if (!record.State.HasEnded()) return new Failure(FailureCode.Conflict, $"The transfer {Id} is {record.State}; only one that has ended can be deleted.");
        if (!record.IsSettled) return new Failure(FailureCode.NotReady, $"The transfer {Id} has just ended; try again in a moment.");

        TransferInfo info = await InfoAsync(record);
        Outcome<bool> deleted = await Session.DeleteAsync();
        if (!deleted.IsOk && deleted.Code is not FailureCode.StateDamaged) return deleted.Failure!;
        Outcome<TransferRecord> cleared = await _state.UpdateAsync(_ => DurableState<TransferRecord>.Nothing);
        if (!cleared.IsOk) return cleared.Failure!;
        Count(null);
        // The row that the activation may still be repairing isn't to come back.
        await _repair;
        await _survey.RemoveAsync(Id, owner);
        DeactivateOnIdle();
        return info;
    }

    public async Task<bool> ForgetAsync(DateTimeOffset since)
    {
        if (_state is { Failure: null, Value: null })
        {
            await _survey.RemoveAsync(Id, null);
            return false;
        }
        return _state.Value is { } record && record.UpdatedAt < since && (await DeleteAsync(record.Plan.Owner)).IsOk;
    }

    public async Task<bool> StopDesertedAsync(DateTimeOffset since)
    {
        if (_state.Value is not { State: TransferState.Transferring } record || record.UpdatedAt >= since) return false;
        if ((await Session.GetAsync()).Value is not { } session || session.UpdatedAt >= since || await HasLanesAsync(record) is not false) return false;

        Failure cause = new(FailureCode.TimedOut, "The client has no lane open.");
        Outcome<TransferRecord> stopped = await MoveAsync(before =>
            before.State is TransferState.Transferring ? before.After(TransferEvent.NetworkFailure, _time.UtcNow(), cause) : before);
        if (stopped.Value is not { PausedByNetwork: true }) return false;
        // A lane that came meanwhile was let in by a transfer that still moved.
        return await HasLanesAsync(record) is not true || !(await MoveAsync(TransferEvent.NetworkRecovered)).IsOk;
    }

    /// <summary>Null where a gateway can't say.</summary>
    private async Task<bool?> HasLanesAsync(TransferRecord record)
    {
        bool? has = false;
        foreach (string gatewayId in record.Plan.Homes.GatewayIds())
        {
            Outcome<bool> answer = await GrainFactory.CallGatewayAsync<bool>(gatewayId, async control => await control.HasLanesAsync(Id));
            if (answer.IsOk && answer.Value) return true;
            if (!answer.IsOk) has = null;
        }
        return has;
    }

    public async Task<bool> ExpireAsync(DateTimeOffset since)
    {
        if (_state.Value is not { State: TransferState.Preparing or TransferState.Transferring or TransferState.Paused } record || record.UpdatedAt >= since) return false;
        // It may have all that it needs and have missed to be told.
        await ChunksAreThereAsync();
        if ((await Session.GetAsync()).Value is { } session && session.UpdatedAt >= since) return false;

        Failure cause = new(FailureCode.Expired, string.Create(CultureInfo.InvariantCulture, $"Nothing has come for the transfer since {since:u}."));
        Outcome<TransferRecord> expired = await MoveAsync(before =>
            before.UpdatedAt < since && before.State is not TransferState.Completing ? before.After(TransferEvent.Cancel, _time.UtcNow(), cause) : before);
        return expired.Value is { FailureCode: FailureCode.Expired };
    }

    public async Task ChunksAreThereAsync()
    {
        if (_state.Value is not { DeclaredHash: { } hash } record || !MayCompleteByItself(record)) return;
        if ((await Session.GetAsync()).Value is not { } session) return;
        bool isThere = record.Plan.Parity is ParityMode.Adaptive ? session.Committed.HasAllData(session.Layout) : session.Committed.Count == session.Layout.ChunkCount;
        if (!isThere) return;
        await MoveAsync(before => MayCompleteByItself(before) ? CompleteSent(before, hash) : before);
    }

    // What its owner paused stays paused until its owner resumes it.
    private static bool MayCompleteByItself(TransferRecord record) =>
        record is { State: TransferState.Transferring } or { State: TransferState.Paused, PausedByNetwork: true };
}
