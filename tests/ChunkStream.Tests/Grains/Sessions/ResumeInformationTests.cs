using ChunkStream.Abstractions.Sessions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.Sessions;

/// <summary>What a client resumes from, and transfers that complete by themselves.</summary>
[Collection(SharedSiloTests.Name)]
public sealed class ResumeInformationTests(SharedSilo shared)
{
    private readonly TestSilo _silo = shared.Silo;

    [Fact]
    public async Task It_tells_progress_what_remains_as_ranges_and_what_failed()
    {
        TransferOpening opening = await _silo.CreateAsync();
        ISessionGrain grain = _silo.Session(opening.Plan.SessionId);
        (await grain.RecordFailedAsync(Chunks((0, 1), (1, 4)))).Ok();
        (await grain.RecordCommittedAsync(Chunks((0, 0), (0, 1), (1, 0), (1, 5)))).Ok();

        SessionInfo session = (await _silo.Transfer(opening.Transfer.Id).GetSessionAsync(Owner)).Ok();
        Assert.Equal((SessionStatus.Active, true, null), (session.Status, session.IsResumable, session.NotResumableBecause));
        // The two of the second stripe are as short as its data: 100 bytes.
        Assert.Equal(2 * ChunkBytes + 2 * 100, session.CommittedBytes);
        Assert.Equal(Chunks((0, 2), (0, 3), (0, 4), (0, 5), (1, 4)).ToBytes(), session.Remaining().ToBytes());
        Assert.Equal([0, 1], session.Remaining()[2].ToBounds());
        Assert.Equal(session.Layout.ChunkCount, session.Committed.Count + session.Remaining().Count);
        // What failed and was committed since has failed no more.
        Assert.Equal(Chunks((1, 4)).ToBytes(), session.Failed.ToBytes());

        (await _silo.Transfer(opening.Transfer.Id).GetSessionAsync("mallory")).Refused(FailureCode.NotFound);
        (await _silo.Transfer(Guid.CreateVersion7()).GetSessionAsync(Owner)).Refused(FailureCode.NotFound);
    }

    [Fact]
    public async Task It_says_why_a_transfer_cannot_be_resumed()
    {
        TransferOpening completed = await _silo.CreateCompletedAsync();
        SessionInfo session = (await _silo.Transfer(completed.Transfer.Id).GetSessionAsync(Owner)).Ok();
        Assert.Equal((SessionStatus.Completed, false, "The file is complete."), (session.Status, session.IsResumable, session.NotResumableBecause));

        TransferOpening failed = await _silo.CreateAsync();
        (await _silo.Transfer(failed.Transfer.Id).FailAsync(Owner, FailureCode.FileChanged, "It grew.")).Ok();
        session = (await _silo.Transfer(failed.Transfer.Id).GetSessionAsync(Owner)).Ok();
        Assert.Equal((SessionStatus.Failed, false), (session.Status, session.IsResumable));
        Assert.Contains("It grew.", session.NotResumableBecause, StringComparison.Ordinal);

        TransferOpening paused = await _silo.CreateAsync();
        (await _silo.Transfer(paused.Transfer.Id).PauseAsync(Owner)).Ok();
        session = (await _silo.Transfer(paused.Transfer.Id).GetSessionAsync(Owner)).Ok();
        Assert.Equal((SessionStatus.Paused, true), (session.Status, session.IsResumable));
    }

    [Fact]
    public async Task A_transfer_whose_hash_is_known_completes_when_its_last_chunk_is_committed()
    {
        TransferOpening opening = await _silo.CreateSentAsync(Send() with { ContentHash = Hash(1) });
        // The data is there; with full parity the rest is still to come.
        Assert.Equal(TransferState.Transferring, (await _silo.GetAsync(opening)).State);
        (await _silo.Session(opening.Plan.SessionId).RecordCommittedAsync(Chunks((0, 4), (0, 5), (1, 4), (1, 5)))).Ok();
        Assert.Equal(Hash(1), (await _silo.WaitForAsync(opening, TransferState.Completed)).ContentHash);
        // The client that comes late is told the same.
        Assert.Equal(TransferState.Completed, (await _silo.Transfer(opening.Transfer.Id).CompleteAsync(Owner, Hash(1))).Ok().State);
    }

    [Fact]
    public async Task With_adaptive_parity_the_data_is_enough_and_without_bytes_nothing_is()
    {
        TransferOpening adaptive = await _silo.CreateSentAsync(Send() with { ContentHash = Hash(1), Parity = ParityMode.Adaptive });
        await _silo.WaitForAsync(adaptive, TransferState.Completed);
        TransferOpening empty = await _silo.CreateAsync(Send() with { ContentHash = Hash(1), SizeBytes = 0 });
        await _silo.WaitForAsync(empty, TransferState.Completed);
    }

    [Fact]
    public async Task What_its_owner_paused_completes_when_its_owner_resumes_it_and_a_wrong_hash_fails()
    {
        TransferOpening opening = await _silo.CreateAsync(Send() with { ContentHash = Hash(1), Parity = ParityMode.Adaptive });
        (await _silo.Transfer(opening.Transfer.Id).PauseAsync(Owner)).Ok();
        (await _silo.Session(opening.Plan.SessionId).RecordCommittedAsync(DataChunks())).Ok();
        (await _silo.Transfer(opening.Transfer.Id).AdmitAsync()).Refused(FailureCode.Paused);
        Assert.Equal(TransferState.Paused, (await _silo.GetAsync(opening)).State);
        (await _silo.Transfer(opening.Transfer.Id).ResumeAsync(Owner)).Ok();
        await _silo.WaitForAsync(opening, TransferState.Completed);

        TransferOpening wrong = await _silo.CreateSentAsync(Send() with { ContentHash = Hash(2), Parity = ParityMode.Adaptive });
        Assert.Equal(FailureCode.ContentHashMismatch, (await _silo.WaitForAsync(wrong, TransferState.Failed)).FailureCode);
    }
}
