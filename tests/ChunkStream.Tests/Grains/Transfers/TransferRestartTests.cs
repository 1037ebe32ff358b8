using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Gateways;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.Transfers;

/// <summary>What is durable survives the silo.</summary>
public sealed class TransferRestartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chunkstream-restart-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_transfer_its_session_and_its_key_are_found_again()
    {
        TransferOpening before;
        await using (TestSilo silo = await TestSilo.StartAsync(_folder))
        {
            before = await silo.CreateSentAsync(Send(fingerprint: "f"));
            (await silo.Transfer(before.Transfer.Id).PauseAsync(Owner)).Ok();
        }
        await using (TestSilo silo = await TestSilo.StartAsync(_folder))
        {
            TransferOpening after = await silo.CreateAsync(Send(fingerprint: "f"));
            Assert.True(after.Existing);
            Assert.Equal(before.Transfer.Id, after.Transfer.Id);
            Assert.Equal(TransferState.Paused, after.Transfer.State);
            Assert.Equal(DataChunks().ToBytes(), after.Committed.ToBytes());

            // Tickets are signed with the key of the folder.
            (await silo.Tickets.VerifyAsync(before.Ticket)).Ok();
            (await silo.Transfer(before.Transfer.Id).ResumeAsync(Owner)).Ok();
            (await silo.Transfer(before.Transfer.Id).CompleteAsync(Owner, Hash(1))).Ok();
            await silo.WaitForAsync(before, TransferState.Completed);
        }
        await using (TestSilo silo = await TestSilo.StartAsync(_folder))
        {
            Assert.Equal(TransferState.Completed, (await silo.GetAsync(before)).State);
            (await silo.File(before.Plan.FileId).OpenAsync(Owner)).Ok();
            Assert.NotNull(await silo.WaitForListedAsync(before, TransferState.Completed));
        }
    }

    [Fact]
    public async Task Completing_goes_on_after_a_restart_without_anybody_asking()
    {
        TransferOpening opening;
        await using (TestSilo silo = await TestSilo.StartAsync(_folder))
        {
            silo.Gateway.OnAssemble = _ => Task.FromResult<Outcome<AssemblyReport>>(new Failure(FailureCode.TimedOut, "Still at it."));
            opening = await silo.CreateSentAsync();
            (await silo.Transfer(opening.Transfer.Id).CompleteAsync(Owner, Hash(1))).Ok();
            await Eventually.TrueAsync("the assembly to be tried", () => !silo.Gateway.Assembled.IsEmpty);
        }
        await using (TestSilo silo = await TestSilo.StartAsync(_folder))
        {
            await Eventually.TrueAsync("the assembly after the restart", () => !silo.Gateway.Assembled.IsEmpty);
            await silo.WaitForListedAsync(opening, TransferState.Completed);
            Assert.Equal(TransferState.Completed, (await silo.GetAsync(opening)).State);
        }
    }

    [Fact]
    public async Task What_was_cancelled_while_its_gateway_was_away_is_dropped_after_a_restart()
    {
        TransferOpening opening;
        await using (TestSilo silo = await TestSilo.StartAsync(_folder))
        {
            opening = await silo.CreateSentAsync();
            await silo.Gateway.LeaveAsync(silo.Grains);
            (await silo.Transfer(opening.Transfer.Id).CancelAsync(Owner)).Ok();
        }
        await using (TestSilo silo = await TestSilo.StartAsync(_folder))
            await Eventually.TrueAsync("the file to be dropped after the restart", () => silo.Gateway.Dropped.Contains(opening.Plan.FileId));
    }

    [Fact]
    public async Task A_deleted_file_whose_gateway_was_away_is_dropped_after_a_restart()
    {
        TransferOpening opening;
        await using (TestSilo silo = await TestSilo.StartAsync(_folder))
        {
            opening = await silo.CreateCompletedAsync();
            await silo.Gateway.LeaveAsync(silo.Grains);
            (await silo.File(opening.Plan.FileId).DeleteAsync(Owner)).Ok();
        }
        await using (TestSilo silo = await TestSilo.StartAsync(_folder))
        {
            await Eventually.TrueAsync("the file to be dropped after the restart", () => silo.Gateway.Dropped.Contains(opening.Plan.FileId));
            (await silo.File(opening.Plan.FileId).GetAsync(Owner)).Refused(FailureCode.NotFound);
            Assert.Empty((await silo.Catalog.ListFilesAsync(new() { Owner = Owner })).Items);
        }
    }
}
