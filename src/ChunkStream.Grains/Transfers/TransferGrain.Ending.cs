using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Grains.Gateways;

namespace ChunkStream.Grains.Transfers;

/// <summary>
/// Step 8 of 8, complete. From <see cref="Sessions.SessionGrain"/>. The last states and the work behind them.
/// <para>
/// Completing is durable with the sender's hash before anything else happens; then the home gateway rebuilds what is missing and
/// answers the file's hash, the hashes are compared, the file is registered, and only then is the transfer Completed. Each step
/// may come twice, so a restart anywhere simply begins again. A cancel meanwhile wins if it is written first; what was registered by
/// then is deleted.
/// </para>
/// </summary>
internal sealed partial class TransferGrain
{
    // The longest that a gateway may work on one file (see IGatewayControl), and a little.
    private static readonly TimeSpan StayForAssembly = TimeSpan.FromHours(2.5);

    // A gateway that isn't there is waited for as long as it takes. One that is there and fails gets this many tries.
    private const int AssemblyTries = 5;

    private int _failedAssemblies;

    private async Task<Outcome<TransferRecord>> CompleteSendingAsync(TransferRecord record, Digest contentHash)
    {
        Outcome<SessionInfo> session = await Session.GetAsync();
        if (!session.IsOk) return session.Failure!;
        // A cheap look that spares an honest mistake: too few chunks altogether. The gateway looks at every stripe.
        long committed = session.Value!.Committed.Count, needed = record.Plan.Layout.DataChunkCount;
        if (committed < needed) return new Failure(FailureCode.ChunksMissing, $"{committed} chunks are committed; at least {needed} are needed.");

        return await MoveAsync(before => CompleteSent(before, contentHash));
    }

    private Outcome<TransferRecord> CompleteSent(TransferRecord before, Digest contentHash)
    {
        DateTimeOffset now = _time.UtcNow();
        return With(Recovered(before, now).After(TransferEvent.TransferComplete, now), after => after with { ContentHash = contentHash });
    }

    // Who completes has ended its lanes, and the gateway may take that for a loss and say so just before.
    private static TransferRecord Recovered(TransferRecord before, DateTimeOffset now) =>
        before.PausedByNetwork && before.After(TransferEvent.NetworkRecovered, now).Value is { } recovered ? recovered : before;

    private Task<Outcome<TransferRecord>> CompleteReceivingAsync(TransferRecord record, Digest contentHash)
    {
        DateTimeOffset now = _time.UtcNow();
        if (contentHash != record.ContentHash)
            return FailAsync(new(FailureCode.ContentHashMismatch, $"The received file's hash is {contentHash}, not {record.ContentHash}."));
        // Nothing is left to do here between the two states.
        return MoveAsync(before => Recovered(before, now).After(TransferEvent.TransferComplete, now) is var completing && completing.IsOk
            ? completing.Value!.After(TransferEvent.TransferComplete, now)
            : completing);
    }

    private async Task<Failure?> EndingStepAsync(CancellationToken cancellationToken)
    {
        TransferRecord record = _state.Value!;
        if (record.State is not TransferState.Completing) return await SettleAsync(record);
        Failure? problem = await AssembleAsync(record, cancellationToken);
        // What delays the end is told to whoever asks, and kept.
        if (problem is not null && !cancellationToken.IsCancellationRequested)
            await _state.UpdateAsync(before => before!.State is TransferState.Completing ? before.WithFailure(problem, _time.UtcNow()) : before);
        return problem;
    }

    private void OnEndingDelayed(Failure problem, Exception? exception, TimeSpan pause) => LogEndingDelayed(_logger, exception, Id, problem, pause);

    /// <summary>Has the file put together, compares, registers. Null when the transfer has left Completing, or why it hasn't.</summary>
    private async Task<Failure?> AssembleAsync(TransferRecord record, CancellationToken cancellationToken)
    {
        TransferPlan plan = record.Plan;
        IReadOnlyList<string> gatewayIds = plan.Homes.GatewayIds();
        if (gatewayIds.Count != 1)
            return await EndAsync(new(FailureCode.Internal, $"The file's homes are on {gatewayIds.Count} gateways; a file is assembled on one."));

        Outcome<SessionInfo> session = await Session.GetAsync();
        if (!session.IsOk) return session.Failure;
        DelayDeactivation(StayForAssembly);
        Outcome<AssemblyReport> assembled = await GrainFactory
            .CallGatewayAsync(gatewayIds[0], control => control.AssembleAsync(plan, session.Value!.Committed)).WaitAsync(cancellationToken);
        if (assembled.Value is not { } report) return await OnAssemblyFailedAsync(assembled.Failure!);
        if (report.ContentHash != record.ContentHash)
            return await EndAsync(new(FailureCode.ContentHashMismatch, $"The stored file's hash is {report.ContentHash}; the sender's is {record.ContentHash}."));

        Outcome<StoredFile> registered = await GrainFactory.GetGrain<IFileGrain>(plan.FileId).RegisterAsync(new()
        {
            Id = plan.FileId,
            Owner = plan.Owner,
            Name = plan.Name,
            Layout = plan.Layout,
            ContentHash = report.ContentHash,
            ManifestDigest = report.ManifestDigest,
            Homes = plan.Homes,
            Health = FileHealth.Healthy,
            CreatedAt = _time.UtcNow(),
        });
        if (!registered.IsOk) return await OnAssemblyFailedAsync(registered.Failure!);

        await MoveAsync(before => before.State is TransferState.Completing
            ? With(before.After(TransferEvent.TransferComplete, _time.UtcNow()), after => after with { RebuiltChunks = report.RebuiltChunks })
            : before);
        return null;
    }

    private async Task<Failure?> OnAssemblyFailedAsync(Failure failure)
    {
        if (failure.Code.IsTransient()) return failure;
        bool mayPass = failure.Blame is Blame.Store or Blame.Us;
        return mayPass && ++_failedAssemblies < AssemblyTries ? failure : await EndAsync(failure);
    }

    private async Task<Failure?> EndAsync(Failure cause)
    {
        await MoveAsync(before => before.State is TransferState.Completing ? before.After(TransferEvent.Cancel, _time.UtcNow(), cause) : before);
        return null;
    }

    /// <summary>Does what follows from the transfer's end. Null when it is done, or what kept it from that.</summary>
    private async Task<Failure?> SettleAsync(TransferRecord record)
    {
        TransferPlan plan = record.Plan;
        bool failed = record.State is TransferState.Failed;
        await CloseLanesAsync(failed ? record.FailureCode : FailureCode.TransferNotOpen, record);

        Outcome<SessionInfo> session = await Session.SetStatusAsync(failed ? SessionStatus.Failed : SessionStatus.Completed);
        // One that was never opened needs no end, and one that is damaged takes none: what it stood for is freed all the same.
        if (!session.IsOk && session.Code is not (FailureCode.NotFound or FailureCode.StateDamaged)) return session.Failure;

        if (failed && plan.Direction is TransferDirection.Send)
        {
            Outcome<StoredFile> deleted = await GrainFactory.GetGrain<IFileGrain>(plan.FileId).DeleteAsync(plan.Owner);
            if (!deleted.IsOk && deleted.Code is not FailureCode.NotFound) return deleted.Failure;
            if (await GrainFactory.DropAsync(plan.FileId, plan.Homes) is { } notDropped) return notDropped;
        }
        if (record.Key is { } key && (await GrainFactory.GetGrain<ITransferKeyGrain>(key).ReleaseAsync(Id)).Failure is { } notReleased) return notReleased;

        Outcome<TransferRecord> settled = await MoveAsync(before => before with { Revision = before.Revision + 1, IsSettled = true });
        if (settled.IsOk) DelayDeactivation(TimeSpan.Zero);
        return settled.Failure;
    }

    private static Outcome<TransferRecord> With(Outcome<TransferRecord> outcome, Func<TransferRecord, TransferRecord> change) =>
        outcome.IsOk ? change(outcome.Value!) : outcome;
}
