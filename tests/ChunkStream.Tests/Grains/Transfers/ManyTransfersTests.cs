using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.Transfers;

/// <summary>Many transfers at the same time, without their bytes.</summary>
public sealed class ManyTransfersTests : IAsyncLifetime
{
    private const int Count = 400;

    private TestSilo _silo = null!;

    public async Task InitializeAsync() => _silo = await TestSilo.StartAsync();

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task Hundreds_at_once_are_each_their_own()
    {
        TransferOpening[] openings = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => _silo.CreateAsync(Send($"file-{i % 200}", $"print-{i % 200}"))));
        // Each file was asked for twice, and is sent once.
        TransferOpening[] running = [.. openings.DistinctBy(opening => opening.Transfer.Id)];
        Assert.Equal(Count / 2, running.Length);
        Assert.Equal(Count / 2, openings.Count(opening => !opening.Existing));
        Assert.Equal(running.Length, running.Select(opening => opening.Plan.SessionId).Distinct().Count());

        await Task.WhenAll(running.Select((opening, i) => RunAsync(opening, i)));
        ISessionDirectoryGrain sessions = _silo.Grains.GetGrain<ISessionDirectoryGrain>(0);
        await Eventually.GetAsync("all to have ended", () => sessions.CountAsync(Owner, SessionStatus.Completed), count => count == Count / 4);
        await Eventually.GetAsync("all to have ended", () => sessions.CountAsync(Owner, SessionStatus.Failed), count => count == Count / 4);
        Assert.Equal(Count / 2, await sessions.CountAsync(Owner, null));
    }

    // Half of them complete, half are cancelled, and every one is paused, resumed and looked at on its way.
    private async Task RunAsync(TransferOpening opening, int i)
    {
        ITransferGrain transfer = _silo.Transfer(opening.Transfer.Id);
        (await transfer.PauseAsync(Owner)).Ok();
        (await transfer.ResumeAsync(Owner)).Ok();
        (await _silo.Session(opening.Plan.SessionId).RecordCommittedAsync(DataChunks())).Ok();
        Assert.Equal(5, (await transfer.GetAsync(Owner)).Ok().CommittedChunks);
        (i % 2 == 0 ? await transfer.CompleteAsync(Owner, Hash(1)) : await transfer.CancelAsync(Owner)).Ok();
    }
}
