using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Tickets;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.Transfers;

[Collection(SharedSiloTests.Name)]
public sealed class TransferCreationTests(SharedSilo shared)
{
    private readonly TestSilo _silo = shared.Silo;
    private readonly string _fingerprint = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task The_same_request_for_the_same_id_answers_the_same_opening()
    {
        Guid id = Guid.CreateVersion7();
        TransferOpening first = (await _silo.Transfer(id).CreateAsync(Send())).Ok();
        TransferOpening second = (await _silo.Transfer(id).CreateAsync(Send())).Ok();
        Assert.Equal(first.Plan.SessionId, second.Plan.SessionId);
        Assert.Equal(first.Plan.FileId, second.Plan.FileId);
        Assert.False(second.Existing);
        (await _silo.Transfer(id).CreateAsync(Send("another.mov"))).Refused(FailureCode.Conflict);
    }

    [Fact]
    public async Task Requests_for_the_same_id_at_the_same_time_answer_the_same_opening()
    {
        Guid id = Guid.CreateVersion7();
        Outcome<TransferOpening>[] openings = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => _silo.Transfer(id).CreateAsync(Send(fingerprint: _fingerprint))));
        Assert.Single(openings.Select(opening => opening.Ok().Plan.FileId).Distinct());
    }

    [Fact]
    public async Task The_same_file_is_sent_once_at_a_time()
    {
        TransferOpening first = await _silo.CreateSentAsync(Send(fingerprint: _fingerprint));
        TransferOpening second = await _silo.CreateAsync(Send(fingerprint: _fingerprint));

        Assert.True(second.Existing);
        Assert.Equal(first.Transfer.Id, second.Transfer.Id);
        Assert.Equal(DataChunks().ToBytes(), second.Committed.ToBytes());

        Assert.NotEqual(first.Transfer.Id, (await _silo.CreateAsync(Send("other.mov", _fingerprint))).Transfer.Id);
        Assert.NotEqual(first.Transfer.Id, (await _silo.CreateAsync(Send(fingerprint: _fingerprint, owner: "bob"))).Transfer.Id);
        (await _silo.Transfer(Guid.CreateVersion7()).CreateAsync(Send(fingerprint: _fingerprint) with { SizeBytes = 7 })).Refused(FailureCode.Conflict);
    }

    [Fact]
    public async Task The_same_file_asked_for_many_times_at_once_becomes_one_transfer()
    {
        TransferOpening[] openings = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _silo.CreateAsync(Send(fingerprint: _fingerprint))));
        Assert.Single(openings.Select(opening => opening.Transfer.Id).Distinct());
        Assert.Single(openings, opening => !opening.Existing);
    }

    [Fact]
    public async Task A_file_whose_transfer_has_ended_is_sent_anew()
    {
        TransferOpening first = await _silo.CreateAsync(Send(fingerprint: _fingerprint));
        (await _silo.Transfer(first.Transfer.Id).CancelAsync(Owner)).Ok();
        TransferOpening second = await _silo.CreateCompletedAsync(Send(fingerprint: _fingerprint));
        TransferOpening third = await _silo.CreateAsync(Send(fingerprint: _fingerprint));
        Assert.Equal(3, new[] { first, second, third }.Select(opening => opening.Transfer.Id).Distinct().Count());
        Assert.False(third.Existing);
    }

    [Fact]
    public async Task Without_a_fingerprint_nothing_is_a_duplicate()
    {
        TransferOpening first = await _silo.CreateAsync(Send());
        Assert.NotEqual(first.Transfer.Id, (await _silo.CreateAsync(Send())).Transfer.Id);
    }

    [Fact]
    public async Task A_refused_request_leaves_nothing_behind()
    {
        Guid id = Guid.CreateVersion7();
        (await _silo.Transfer(id).CreateAsync(Send("a\0b"))).Refused(FailureCode.InvalidName);
        (await _silo.Transfer(id).CreateAsync(Send() with { DataShards = 0 })).Refused(FailureCode.InvalidLayout);
        (await _silo.Transfer(id).CreateAsync(Receive(Guid.NewGuid()))).Refused(FailureCode.NotFound);
        Failure full = (await _silo.Transfer(id).CreateAsync(Send(fingerprint: _fingerprint) with { SizeBytes = 16L << 40 })).Refused(FailureCode.StoreFull);
        Assert.Contains("bytes", full.Message, StringComparison.Ordinal);
        (await _silo.Transfer(id).GetAsync(Owner)).Refused(FailureCode.NotFound);

        // Neither the id nor the key is taken.
        Assert.False((await _silo.Transfer(id).CreateAsync(Send(fingerprint: _fingerprint))).Ok().Existing);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Tiny_files_have_a_plan_too(long sizeBytes)
    {
        TransferOpening opening = await _silo.CreateAsync(Send() with { SizeBytes = sizeBytes });
        Assert.Equal(6, opening.Plan.Homes.Count);
        Assert.Equal(sizeBytes == 0 ? 0 : 3, opening.Transfer.TotalChunks);
    }

    [Fact]
    public async Task A_file_is_received_by_its_own_layout_homes_and_hash()
    {
        TransferOpening sent = await _silo.CreateCompletedAsync();
        (await _silo.Transfer(Guid.CreateVersion7()).CreateAsync(Receive(sent.Plan.FileId, owner: "mallory"))).Refused(FailureCode.NotFound);
        TransferOpening received = await _silo.CreateAsync(Receive(sent.Plan.FileId));

        Assert.Equal(TransferState.Transferring, received.Transfer.State);
        Assert.Equal("film.mov", received.Plan.Name);
        Assert.Equal(sent.Plan.Layout, received.Plan.Layout);
        Assert.Equal(sent.Plan.Homes, received.Plan.Homes);
        Assert.Equal(Hash(1), received.ContentHash);
        Assert.Equal(FakeGateway.ManifestDigest, received.ManifestDigest);
        Assert.Equal(TicketScope.Receive, (await _silo.Tickets.VerifyAsync(received.Ticket)).Ok().Scope);
    }
}
