using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Layout;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.Transfers;

/// <summary>Plans that don't fit their file, and transfers that are asked for as something else.</summary>
[Collection(SharedSiloTests.Name)]
public sealed class PlanRefusalTests(SharedSilo shared)
{
    private readonly TestSilo _silo = shared.Silo;

    [Fact]
    public async Task A_session_takes_no_other_layout_and_no_chunk_outside_of_its_own()
    {
        TransferOpening opening = await _silo.CreateAsync();
        FileLayout other = new(SizeBytes, 2 * ChunkBytes, 4, 2);
        (await _silo.Session(opening.Plan.SessionId).OpenAsync(opening.Transfer.Id, other)).Refused(FailureCode.Conflict);
        (await _silo.Session(opening.Plan.SessionId).RecordCommittedAsync(new ChunkSet(other.ShardCount + 1))).Refused(FailureCode.ChunkOutsideLayout);
    }

    [Fact]
    public async Task A_file_is_registered_under_its_own_id_and_once()
    {
        TransferOpening opening = await _silo.CreateCompletedAsync();
        var file = (await _silo.File(opening.Plan.FileId).GetAsync(Owner)).Ok();
        (await _silo.File(Guid.CreateVersion7()).RegisterAsync(file)).Refused(FailureCode.InvalidRequest);
        (await _silo.File(file.Id).RegisterAsync(file with { Layout = new(SizeBytes + 1, ChunkBytes, 4, 2) })).Refused(FailureCode.Conflict);
        (await _silo.File(file.Id).RegisterAsync(file with { ContentHash = Hash(9) })).Refused(FailureCode.Conflict);
    }

    [Fact]
    public async Task A_transfer_that_exists_is_not_created_as_another_or_again_when_it_has_ended()
    {
        TransferOpening opening = await _silo.CreateCompletedAsync();
        ITransferGrain transfer = _silo.Transfer(opening.Transfer.Id);
        (await transfer.CreateAsync(Send("other.mov"))).Refused(FailureCode.Conflict);
        (await transfer.CreateAsync(Send() with { SizeBytes = 7 })).Refused(FailureCode.Conflict);
        (await transfer.CreateAsync(Receive(opening.Plan.FileId))).Refused(FailureCode.Conflict);
        Failure ended = (await transfer.CreateAsync(Send())).Refused(FailureCode.TransferNotOpen);
        Assert.Contains("Completed", ended.Message, StringComparison.Ordinal);
        (await transfer.ResumeAsync(Owner)).Refused(FailureCode.InvalidTransition);
        (await transfer.AdmitAsync()).Refused(FailureCode.TransferNotOpen);
    }
}
