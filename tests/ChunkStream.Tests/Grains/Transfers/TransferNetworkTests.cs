using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.Transfers;

/// <summary>What gateways tell a transfer of its network.</summary>
[Collection(SharedSiloTests.Name)]
public sealed class TransferNetworkTests(SharedSilo shared)
{
    private readonly TestSilo _silo = shared.Silo;

    [Fact]
    public async Task A_transfer_that_lost_its_last_lane_stops_and_goes_on_with_the_next()
    {
        TransferOpening opening = await _silo.CreateSentAsync();
        ITransferGrain transfer = _silo.Transfer(opening.Transfer.Id);
        Assert.Equal(TransferState.Paused, (await transfer.NetworkFailedAsync(FailureCode.TimedOut, "Nothing came.")).Ok());

        TransferInfo lost = await _silo.GetAsync(opening);
        Assert.Equal((TransferState.Paused, FailureCode.TimedOut, "Nothing came."), (lost.State, lost.FailureCode, lost.FailureMessage));
        Assert.Equal((FailureCode.TimedOut, null), (Assert.Single(lost.Failures!).Code, lost.Failures![0].RecoveredAt));
        Assert.Equal(SessionStatus.Paused, (await _silo.Session(opening.Plan.SessionId).GetAsync()).Ok().Status);
        // The gateway waits for the answer and has no lane of it.
        Assert.DoesNotContain(_silo.Gateway.ClosedLanes, closed => closed.TransferId == opening.Transfer.Id);

        Assert.Equal(opening.Plan.FileId, (await transfer.AdmitAsync()).Ok().Plan.FileId);
        TransferInfo back = await _silo.GetAsync(opening);
        Assert.Equal((TransferState.Transferring, FailureCode.None), (back.State, back.FailureCode));
        Assert.NotNull(Assert.Single(back.Failures!).RecoveredAt);
        Assert.Equal(SessionStatus.Active, (await _silo.Session(opening.Plan.SessionId).GetAsync()).Ok().Status);
    }

    [Fact]
    public async Task What_the_owner_paused_is_not_the_networks_to_resume()
    {
        TransferOpening opening = await _silo.CreateAsync();
        ITransferGrain transfer = _silo.Transfer(opening.Transfer.Id);
        (await transfer.PauseAsync(Owner)).Ok();
        Assert.Equal(TransferState.Paused, (await transfer.NetworkFailedAsync(FailureCode.PathLost, "Gone.")).Ok());
        (await transfer.AdmitAsync()).Refused(FailureCode.Paused);
        Assert.Null((await _silo.GetAsync(opening)).Failures);
    }

    [Fact]
    public async Task A_network_that_fails_after_the_end_changes_nothing()
    {
        TransferOpening completed = await _silo.CreateCompletedAsync();
        Failure refusal = (await _silo.Transfer(completed.Transfer.Id).NetworkFailedAsync(FailureCode.PathLost, "Gone.")).Refused(FailureCode.InvalidTransition);
        Assert.Contains("NetworkFailure", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Completed", refusal.Message, StringComparison.Ordinal);
        TransferOpening cancelled = await _silo.CreateAsync();
        (await _silo.Transfer(cancelled.Transfer.Id).CancelAsync(Owner)).Ok();
        Assert.Equal(TransferState.Failed, (await _silo.Transfer(cancelled.Transfer.Id).NetworkFailedAsync(FailureCode.PathLost, "Gone.")).Ok());
        (await _silo.Transfer(Guid.CreateVersion7()).NetworkFailedAsync(FailureCode.PathLost, "Gone.")).Refused(FailureCode.NotFound);
        (await _silo.Transfer(cancelled.Transfer.Id).NetworkFailedAsync(FailureCode.None, "")).Refused(FailureCode.InvalidRequest);
    }
}
