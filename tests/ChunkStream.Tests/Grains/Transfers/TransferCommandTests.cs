using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Tickets;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.Transfers;

[Collection(SharedSiloTests.Name)]
public sealed class TransferCommandTests(SharedSilo shared)
{
    private readonly TestSilo _silo = shared.Silo;

    [Fact]
    public async Task A_created_transfer_is_open_and_has_all_that_a_client_needs()
    {
        TransferOpening opening = await _silo.CreateAsync(Send("a/../b.bin"));

        Assert.Equal(TransferState.Transferring, opening.Transfer.State);
        Assert.Equal("a/../b.bin", opening.Transfer.Name);
        Assert.Equal(Layout, opening.Plan.Layout);
        Assert.Equal(6, opening.Plan.Homes.Count);
        Assert.All(opening.Plan.Homes, home => Assert.Equal("gateway-1", home.GatewayId));
        Assert.Equal("gateway-1", Assert.Single(opening.Gateways).GatewayId);
        Assert.Equal(0, opening.Committed.Count);
        Assert.Equal(Layout.ChunkCount, opening.Transfer.TotalChunks);
        Assert.False(opening.Existing);

        Ticket ticket = (await _silo.Tickets.VerifyAsync(opening.Ticket)).Ok();
        Assert.Equal(opening.Transfer.Id, ticket.TransferId);
        Assert.Equal(opening.Plan.FileId, ticket.FileId);
        Assert.Equal(TicketScope.Send, ticket.Scope);

        TransferAdmission admission = (await _silo.Transfer(opening.Transfer.Id).AdmitAsync()).Ok();
        Assert.Equal((opening.Plan.FileId, TransferPriority.Normal), (admission.Plan.FileId, admission.Priority));
    }

    [Fact]
    public async Task Pause_is_durable_closes_lanes_and_refuses_new_ones_and_resume_goes_on()
    {
        TransferOpening opening = await _silo.CreateSentAsync();
        ITransferGrain transfer = _silo.Transfer(opening.Transfer.Id);

        Assert.Equal(TransferState.Paused, (await transfer.PauseAsync(Owner)).Ok().State);
        Assert.Contains((opening.Transfer.Id, FailureCode.Paused), _silo.Gateway.ClosedLanes);
        Assert.Equal(SessionStatus.Paused, (await _silo.Session(opening.Plan.SessionId).GetAsync()).Ok().Status);
        (await transfer.AdmitAsync()).Refused(FailureCode.Paused);

        // Any client finds where it was.
        TransferOpening again = (await transfer.OpenAsync(Owner)).Ok();
        Assert.Equal(TransferState.Paused, again.Transfer.State);
        Assert.Equal(DataChunks().ToBytes(), again.Committed.ToBytes());

        Assert.Equal(TransferState.Transferring, (await transfer.ResumeAsync(Owner)).Ok().State);
        Assert.Equal(SessionStatus.Active, (await _silo.Session(opening.Plan.SessionId).GetAsync()).Ok().Status);
        (await transfer.AdmitAsync()).Ok();
    }

    [Fact]
    public async Task Commands_that_come_twice_change_nothing()
    {
        TransferOpening opening = await _silo.CreateAsync();
        ITransferGrain transfer = _silo.Transfer(opening.Transfer.Id);

        TransferInfo paused = (await transfer.PauseAsync(Owner)).Ok();
        Assert.Equal(paused, (await transfer.PauseAsync(Owner)).Ok());
        TransferInfo resumed = (await transfer.ResumeAsync(Owner)).Ok();
        Assert.Equal(resumed, (await transfer.ResumeAsync(Owner)).Ok());
        TransferInfo cancelled = (await transfer.CancelAsync(Owner)).Ok();
        TransferInfo again = (await transfer.CancelAsync(Owner)).Ok();
        Assert.Equal(cancelled.UpdatedAt, again.UpdatedAt);
        Assert.Equal(TransferState.Failed, again.State);
    }

    [Fact]
    public async Task Commands_at_the_same_time_all_answer()
    {
        TransferOpening opening = await _silo.CreateAsync();
        ITransferGrain transfer = _silo.Transfer(opening.Transfer.Id);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
            (i % 2 == 0 ? await transfer.PauseAsync(Owner) : await transfer.ResumeAsync(Owner)).Ok()));

        TransferState state = (await _silo.GetAsync(opening)).State;
        SessionStatus status = (await _silo.Session(opening.Plan.SessionId).GetAsync()).Ok().Status;
        Assert.Equal(state is TransferState.Paused ? SessionStatus.Paused : SessionStatus.Active, status);
    }

    [Fact]
    public async Task A_priority_that_changes_is_durable_listed_and_told_to_the_gateway()
    {
        TransferOpening opening = await _silo.CreateAsync();
        ITransferGrain transfer = _silo.Transfer(opening.Transfer.Id);
        Assert.Equal(TransferPriority.High, (await transfer.SetPriorityAsync(Owner, TransferPriority.High)).Ok().Priority);
        Assert.Contains((opening.Transfer.Id, TransferPriority.High), _silo.Gateway.Priorities);
        Assert.Equal(TransferPriority.High, (await transfer.AdmitAsync()).Ok().Priority);
        Assert.Equal(TransferPriority.High, (await _silo.WaitForListedAsync(opening, TransferState.Transferring))!.Priority);

        TransferInfo again = (await transfer.SetPriorityAsync(Owner, TransferPriority.High)).Ok();
        Assert.Equal(await _silo.GetAsync(opening), again);
        (await transfer.SetPriorityAsync(Owner, (TransferPriority)7)).Refused(FailureCode.InvalidRequest);
        (await transfer.SetPriorityAsync("mallory", TransferPriority.Low)).Refused(FailureCode.NotFound);
        (await transfer.CancelAsync(Owner)).Ok();
        (await transfer.SetPriorityAsync(Owner, TransferPriority.Low)).Refused(FailureCode.TransferNotOpen);
    }

    [Fact]
    public async Task Cancel_ends_the_transfer_frees_its_bytes_and_its_lanes()
    {
        TransferOpening opening = await _silo.CreateSentAsync();
        TransferInfo cancelled = (await _silo.Transfer(opening.Transfer.Id).CancelAsync(Owner)).Ok();

        Assert.Equal(TransferState.Failed, cancelled.State);
        Assert.Equal(FailureCode.Cancelled, cancelled.FailureCode);
        await Eventually.TrueAsync("the file to be dropped", () => _silo.Gateway.Dropped.Contains(opening.Plan.FileId));
        Assert.Contains((opening.Transfer.Id, FailureCode.Cancelled), _silo.Gateway.ClosedLanes);
        (await _silo.Transfer(opening.Transfer.Id).AdmitAsync()).Refused(FailureCode.TransferNotOpen);
        (await _silo.Transfer(opening.Transfer.Id).OpenAsync(Owner)).Refused(FailureCode.TransferNotOpen);
        Failure refusal = (await _silo.Transfer(opening.Transfer.Id).ResumeAsync(Owner)).Refused(FailureCode.InvalidTransition);
        Assert.Contains("Resume", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Failed", refusal.Message, StringComparison.Ordinal);
        await Eventually.GetAsync("the session to have failed",
            () => _silo.Session(opening.Plan.SessionId).GetAsync(), session => session.Ok() is { Status: SessionStatus.Failed, IsResumable: false });
    }

    [Fact]
    public async Task A_client_that_gives_up_fails_the_transfer_with_its_reason()
    {
        TransferOpening opening = await _silo.CreateAsync();
        TransferInfo failed = (await _silo.Transfer(opening.Transfer.Id).FailAsync(Owner, FailureCode.FileChanged, "The file grew.")).Ok();
        Assert.Equal((TransferState.Failed, FailureCode.FileChanged, "The file grew."), (failed.State, failed.FailureCode, failed.FailureMessage));
        (await _silo.Transfer(opening.Transfer.Id).FailAsync(Owner, FailureCode.None, "")).Refused(FailureCode.InvalidRequest);
        (await _silo.Transfer(opening.Transfer.Id).FailAsync(Owner, (FailureCode)9999, "")).Refused(FailureCode.InvalidRequest);
    }

    [Fact]
    public async Task What_the_network_paused_goes_on_when_it_is_opened_and_what_the_owner_paused_does_not()
    {
        TransferOpening opening = await _silo.CreateAsync();
        ITransferGrain transfer = _silo.Transfer(opening.Transfer.Id);

        TransferInfo lost = (await transfer.FailAsync(Owner, FailureCode.PathLost, "No path is left.")).Ok();
        Assert.Equal((TransferState.Paused, FailureCode.PathLost), (lost.State, lost.FailureCode));
        TransferInfo back = (await transfer.OpenAsync(Owner)).Ok().Transfer;
        Assert.Equal((TransferState.Transferring, FailureCode.None), (back.State, back.FailureCode));

        (await transfer.PauseAsync(Owner)).Ok();
        (await transfer.FailAsync(Owner, FailureCode.PathLost, "No path is left.")).Ok();
        Assert.Equal(TransferState.Paused, (await transfer.OpenAsync(Owner)).Ok().Transfer.State);

        // The owner's pause outlives the network's.
        (await transfer.ResumeAsync(Owner)).Ok();
        (await transfer.FailAsync(Owner, FailureCode.TimedOut, "Nothing came.")).Ok();
        (await transfer.PauseAsync(Owner)).Ok();
        Assert.Equal(TransferState.Paused, (await transfer.OpenAsync(Owner)).Ok().Transfer.State);
    }

    [Fact]
    public async Task Another_owner_finds_nothing()
    {
        TransferOpening opening = await _silo.CreateAsync();
        ITransferGrain transfer = _silo.Transfer(opening.Transfer.Id);
        (await transfer.GetAsync("mallory")).Refused(FailureCode.NotFound);
        (await transfer.OpenAsync("mallory")).Refused(FailureCode.NotFound);
        (await transfer.PauseAsync("mallory")).Refused(FailureCode.NotFound);
        (await transfer.ResumeAsync("mallory")).Refused(FailureCode.NotFound);
        (await transfer.CancelAsync("mallory")).Refused(FailureCode.NotFound);
        (await transfer.CompleteAsync("mallory", Hash(1))).Refused(FailureCode.NotFound);
        (await transfer.FailAsync("mallory", FailureCode.FileChanged, "")).Refused(FailureCode.NotFound);
        (await transfer.CreateAsync(Send(owner: "mallory"))).Refused(FailureCode.NotFound);
        Assert.Equal(TransferState.Transferring, (await _silo.GetAsync(opening)).State);
    }

    [Fact]
    public async Task An_unknown_transfer_answers_that_there_is_none()
    {
        ITransferGrain transfer = _silo.Transfer(Guid.CreateVersion7());
        (await transfer.GetAsync(Owner)).Refused(FailureCode.NotFound);
        (await transfer.AdmitAsync()).Refused(FailureCode.NotFound);
        (await transfer.PauseAsync(Owner)).Refused(FailureCode.NotFound);
        (await transfer.CompleteAsync(Owner, Hash(1))).Refused(FailureCode.NotFound);
        (await _silo.Session(Guid.CreateVersion7()).GetAsync()).Refused(FailureCode.NotFound);
        (await _silo.File(Guid.CreateVersion7()).GetAsync(Owner)).Refused(FailureCode.NotFound);
    }
}
