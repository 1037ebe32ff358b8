using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.State;

/// <summary>Activations that end between any two events: what is durable is all there is.</summary>
public sealed class ActivationTests : IAsyncLifetime
{
    private TestSilo _silo = null!;

    public async Task InitializeAsync() => _silo = await TestSilo.StartAsync();

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task A_transfer_completes_though_its_grains_are_deactivated_between_all_events()
    {
        TransferOpening opening = await _silo.CreateAsync(Send(fingerprint: "f"));
        ITransferGrain transfer = _silo.Transfer(opening.Transfer.Id);
        ISessionGrain session = _silo.Session(opening.Plan.SessionId);
        await DeactivateAsync();
        (await session.RecordCommittedAsync(Chunks((0, 0), (0, 1)))).Ok();
        await DeactivateAsync();
        Assert.Equal(TransferState.Paused, (await transfer.PauseAsync(Owner)).Ok().State);
        await DeactivateAsync();
        Assert.Equal((TransferState.Paused, 2), ((await transfer.GetAsync(Owner)).Ok().State, (await transfer.GetAsync(Owner)).Ok().CommittedChunks));
        await DeactivateAsync();
        Assert.Equal(TransferState.Transferring, (await transfer.ResumeAsync(Owner)).Ok().State);
        await DeactivateAsync();
        Assert.Equal(opening.Transfer.Id, (await _silo.CreateAsync(Send(fingerprint: "f"))).Transfer.Id);
        await DeactivateAsync();
        (await session.RecordCommittedAsync(DataChunks())).Ok();
        await DeactivateAsync();
        (await transfer.CompleteAsync(Owner, Hash(1))).Ok();
        await DeactivateAsync();
        await _silo.WaitForAsync(opening, TransferState.Completed);
        await DeactivateAsync();
        Assert.Equal(5, (await session.GetAsync()).Ok().Committed.Count);
        await _silo.WaitForListedAsync(opening, TransferState.Completed);
    }

    [Fact]
    public async Task A_record_that_took_effect_and_timed_out_is_true_and_comes_again_without_harm()
    {
        TransferOpening opening = await _silo.CreateAsync();
        ISessionGrain session = _silo.Session(opening.Plan.SessionId);
        _silo.Storage.FailsAfter = state => state == "session";
        (await session.RecordCommittedAsync(Chunks((0, 0), (0, 1)))).Refused(FailureCode.StoreFailed);
        _silo.Storage.Heal();
        // Not told, and there all the same: to be told later is allowed, the other way round isn't.
        Assert.Equal(2, (await session.GetAsync()).Ok().Committed.Count);
        (await session.RecordCommittedAsync(Chunks((0, 0), (0, 1)))).Ok();
        (await session.RecordCommittedAsync(DataChunks())).Ok();
        Assert.Equal(5, (await session.GetAsync()).Ok().Committed.Count);
        (await _silo.Transfer(opening.Transfer.Id).CompleteAsync(Owner, Hash(1))).Ok();
        await _silo.WaitForAsync(opening, TransferState.Completed);
    }

    private async Task DeactivateAsync()
    {
        await _silo.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero);
        // The directory has forgotten too; a gateway announces itself every few seconds.
        await _silo.Gateway.AnnounceAsync(_silo.Grains);
    }
}
