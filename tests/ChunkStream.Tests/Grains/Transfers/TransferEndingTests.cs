using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Files;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.Transfers;

/// <summary>How transfers end. The gateway is told what to answer, hence a silo for each test.</summary>
public sealed class TransferEndingTests : IAsyncLifetime
{
    private TestSilo _silo = null!;

    public async Task InitializeAsync() => _silo = await TestSilo.StartAsync();

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task A_transfer_completes_when_the_stored_file_has_the_senders_hash()
    {
        TransferOpening opening = await _silo.CreateSentAsync();
        TransferInfo completing = (await _silo.Transfer(opening.Transfer.Id).CompleteAsync(Owner, Hash(1))).Ok();
        Assert.Contains(completing.State, new[] { TransferState.Completing, TransferState.Completed });

        TransferInfo completed = await _silo.WaitForAsync(opening, TransferState.Completed);
        Assert.Equal(Hash(1), completed.ContentHash);
        Assert.Equal(3, completed.RebuiltChunks);
        Assert.Equal(completed.TotalChunks, completed.CommittedChunks);
        Assert.Equal(Layout.StoredBytes, completed.CommittedBytes);
        Assert.Equal(5, Assert.Single(_silo.Gateway.Assembled).CommittedChunks);

        StoredFile file = (await _silo.File(opening.Plan.FileId).GetAsync(Owner)).Ok();
        Assert.Equal((Hash(1), FakeGateway.ManifestDigest, FileHealth.Healthy), (file.ContentHash, file.ManifestDigest, file.Health));
        Assert.Equal(opening.Plan.Homes, file.Homes);
        await Eventually.GetAsync("the session to be complete",
            () => _silo.Session(opening.Plan.SessionId).GetAsync(), session => session.Ok().Status is SessionStatus.Completed);
        await Eventually.TrueAsync("the lanes to be closed", () => _silo.Gateway.ClosedLanes.Contains((opening.Transfer.Id, FailureCode.TransferNotOpen)));
        Assert.Empty(_silo.Gateway.Dropped);

        // Again: the same answer. With another hash: no.
        Assert.Equal(TransferState.Completed, (await _silo.Transfer(opening.Transfer.Id).CompleteAsync(Owner, Hash(1))).Ok().State);
        (await _silo.Transfer(opening.Transfer.Id).CompleteAsync(Owner, Hash(2))).Refused(FailureCode.Conflict);
        (await _silo.Transfer(opening.Transfer.Id).CancelAsync(Owner)).Refused(FailureCode.InvalidTransition);
        Assert.Single(_silo.Gateway.Assembled);
    }

    [Fact]
    public async Task Another_hash_fails_the_transfer_and_drops_the_bytes()
    {
        TransferOpening opening = await _silo.CreateSentAsync();
        (await _silo.Transfer(opening.Transfer.Id).CompleteAsync(Owner, Hash(2))).Ok();
        TransferInfo failed = await _silo.WaitForAsync(opening, TransferState.Failed);
        Assert.Equal(FailureCode.ContentHashMismatch, failed.FailureCode);
        Assert.Contains(Hash(1).ToString(), failed.FailureMessage, StringComparison.Ordinal);
        Assert.Contains(Hash(2).ToString(), failed.FailureMessage, StringComparison.Ordinal);
        await Eventually.TrueAsync("the file to be dropped", () => _silo.Gateway.Dropped.Contains(opening.Plan.FileId));
        (await _silo.File(opening.Plan.FileId).GetAsync(Owner)).Refused(FailureCode.NotFound);
    }

    [Fact]
    public async Task Too_few_chunks_are_told_at_once_and_change_nothing()
    {
        TransferOpening opening = await _silo.CreateAsync();
        (await _silo.Session(opening.Plan.SessionId).RecordCommittedAsync(Chunks((0, 0), (1, 0)))).Ok();
        Failure refusal = (await _silo.Transfer(opening.Transfer.Id).CompleteAsync(Owner, Hash(1))).Refused(FailureCode.ChunksMissing);
        Assert.Contains("2 chunks", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(TransferState.Transferring, (await _silo.GetAsync(opening)).State);
    }

    [Fact]
    public async Task Chunks_that_the_gateway_misses_fail_the_transfer()
    {
        _silo.Gateway.OnAssemble = _ => Answer(new Failure(FailureCode.ChunksMissing, "Stripe 0 has 3 of 4."));
        TransferOpening opening = await _silo.CreateSentAsync();
        (await _silo.Transfer(opening.Transfer.Id).CompleteAsync(Owner, Hash(1))).Ok();
        TransferInfo failed = await _silo.WaitForAsync(opening, TransferState.Failed);
        Assert.Equal((FailureCode.ChunksMissing, "Stripe 0 has 3 of 4."), (failed.FailureCode, failed.FailureMessage));
    }

    [Fact]
    public async Task A_gateway_that_is_away_is_waited_for()
    {
        TransferOpening opening = await _silo.CreateSentAsync();
        await _silo.Gateway.LeaveAsync(_silo.Grains);
        (await _silo.Transfer(opening.Transfer.Id).CompleteAsync(Owner, Hash(1))).Ok();
        (await _silo.Transfer(opening.Transfer.Id).OpenAsync(Owner)).Refused(FailureCode.NoGateway);
        Assert.Equal(TransferState.Completing, (await _silo.GetAsync(opening)).State);

        await _silo.Gateway.AnnounceAsync(_silo.Grains);
        await _silo.WaitForAsync(opening, TransferState.Completed);
    }

    [Fact]
    public async Task A_gateway_that_fails_now_and_then_is_asked_again()
    {
        int asked = 0;
        _silo.Gateway.OnAssemble = plan => ++asked switch
        {
            1 => throw new IOException("The disk is gone."),
            2 => Answer(new Failure(FailureCode.StoreFailed, "The disk is slow.")),
            _ => Answer(new AssemblyReport(Hash(1), FakeGateway.ManifestDigest, 0)),
        };
        TransferOpening opening = await _silo.CreateSentAsync();
        (await _silo.Transfer(opening.Transfer.Id).CompleteAsync(Owner, Hash(1))).Ok();
        await _silo.WaitForAsync(opening, TransferState.Completed);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_pause_of_one_transfer_does_not_wait_for_the_assembly_of_another_and_a_cancel_wins_over_its_own()
    {
        TaskCompletionSource assembly = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _silo.Gateway.OnAssemble = async _ =>
        {
            await assembly.Task;
            return new AssemblyReport(Hash(1), FakeGateway.ManifestDigest, 0);
        };
        TransferOpening completing = await _silo.CreateSentAsync();
        (await _silo.Transfer(completing.Transfer.Id).CompleteAsync(Owner, Hash(1))).Ok();
        await Eventually.TrueAsync("the assembly to be under way", () => !_silo.Gateway.Assembled.IsEmpty);

        TransferOpening other = await _silo.CreateAsync();
        (await _silo.Transfer(other.Transfer.Id).PauseAsync(Owner)).Ok();
        Assert.Contains((other.Transfer.Id, FailureCode.Paused), _silo.Gateway.ClosedLanes);

        Assert.Equal(TransferState.Failed, (await _silo.Transfer(completing.Transfer.Id).CancelAsync(Owner)).Ok().State);
        await Eventually.TrueAsync("the file to be dropped", () => _silo.Gateway.Dropped.Contains(completing.Plan.FileId));
        assembly.SetResult();
        Assert.Equal(TransferState.Failed, (await _silo.GetAsync(completing)).State);
        (await _silo.File(completing.Plan.FileId).GetAsync(Owner)).Refused(FailureCode.NotFound);
    }

    [Fact]
    public async Task A_receiver_whose_file_has_the_right_hash_is_done_at_once()
    {
        TransferOpening sent = await _silo.CreateCompletedAsync();
        TransferOpening right = await _silo.CreateAsync(Receive(sent.Plan.FileId));
        TransferInfo completed = (await _silo.Transfer(right.Transfer.Id).CompleteAsync(Owner, Hash(1))).Ok();
        Assert.Equal((TransferState.Completed, 0L), (completed.State, completed.CommittedChunks));

        TransferOpening wrong = await _silo.CreateAsync(Receive(sent.Plan.FileId));
        TransferInfo failed = (await _silo.Transfer(wrong.Transfer.Id).CompleteAsync(Owner, Hash(2))).Ok();
        Assert.Equal((TransferState.Failed, FailureCode.ContentHashMismatch), (failed.State, failed.FailureCode));

        // Neither touches the file.
        await _silo.WaitForListedAsync(wrong, TransferState.Failed);
        (await _silo.File(sent.Plan.FileId).GetAsync(Owner)).Ok();
        Assert.Empty(_silo.Gateway.Dropped);
    }

    [Theory]
    [InlineData(TransferDirection.Send)]
    [InlineData(TransferDirection.Receive)]
    public async Task A_loss_of_the_last_lane_that_is_just_being_written_does_not_keep_its_client_from_completing(TransferDirection direction)
    {
        TransferOpening opening = direction is TransferDirection.Send
            ? await _silo.CreateSentAsync()
            : await _silo.CreateAsync(Receive((await _silo.CreateCompletedAsync()).Plan.FileId));
        ITransferGrain transfer = _silo.Transfer(opening.Transfer.Id);
        TaskCompletionSource held = new(), reached = new();
        _silo.Storage.Holds = state =>
        {
            if (state != "transfer") return Task.CompletedTask;
            reached.TrySetResult();
            return held.Task;
        };
        var lost = transfer.NetworkFailedAsync(FailureCode.PathLost, "Gone.");
        await Eventually.DoneAsync("the loss to be written", reached.Task);
        var completing = transfer.CompleteAsync(Owner, Hash(1));
        // Asked for in turn: when this is answered, the completion waits behind the write.
        (await transfer.GetAsync(Owner)).Ok();
        held.SetResult();
        Assert.Equal(TransferState.Paused, (await lost).Ok());
        (await completing).Ok();
        _silo.Storage.Heal();
        await _silo.WaitForAsync(opening, TransferState.Completed);
    }

    [Fact]
    public async Task Completing_what_is_paused_by_its_owner_is_refused()
    {
        TransferOpening opening = await _silo.CreateSentAsync();
        (await _silo.Transfer(opening.Transfer.Id).PauseAsync(Owner)).Ok();
        (await _silo.Transfer(opening.Transfer.Id).CompleteAsync(Owner, Hash(1))).Refused(FailureCode.InvalidTransition);
        (await _silo.Transfer(opening.Transfer.Id).ResumeAsync(Owner)).Ok();
        (await _silo.Transfer(opening.Transfer.Id).CompleteAsync(Owner, Hash(1))).Ok();
        await _silo.WaitForAsync(opening, TransferState.Completed);
    }

    private static Task<Outcome<AssemblyReport>> Answer(Outcome<AssemblyReport> outcome) => Task.FromResult(outcome);
}
