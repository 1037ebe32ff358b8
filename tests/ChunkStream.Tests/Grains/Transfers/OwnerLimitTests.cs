using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using Xunit;
using static ChunkStream.Tests.Grains.TestFiles;

namespace ChunkStream.Tests.Grains.Transfers;

/// <summary>What one owner may have at once.</summary>
public sealed class OwnerLimitTests : IAsyncLifetime
{
    private const int MaxRunning = 3;
    private const long MaxBytes = 10 * SizeBytes;

    private TestSilo _silo = null!;

    public async Task InitializeAsync() => _silo = await TestSilo.StartAsync(transfers: new() { MaxRunningPerOwner = MaxRunning, MaxBytesPerOwner = MaxBytes });

    public async Task DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task So_many_run_at_once_however_many_ask_and_the_refusal_names_both_numbers()
    {
        Outcome<TransferOpening>[] asked = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CreateAsync(Send())));
        Assert.Equal(MaxRunning, asked.Count(outcome => outcome.IsOk));
        Failure refusal = asked.First(outcome => !outcome.IsOk).Refused(FailureCode.LimitReached);
        Assert.Contains("has 3 transfers", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("limit is 3", refusal.Message, StringComparison.Ordinal);
        (await CreateAsync(Send(owner: "bob"))).Ok();

        // A paused one runs, one that has ended doesn't.
        Guid id = asked.First(outcome => outcome.IsOk).Value!.Transfer.Id;
        (await _silo.Transfer(id).PauseAsync(Owner)).Ok();
        (await CreateAsync(Send())).Refused(FailureCode.LimitReached);
        (await _silo.Transfer(id).CancelAsync(Owner)).Ok();
        await Eventually.GetAsync("the place to be free", () => CreateAsync(Send()), outcome => outcome.IsOk);
    }

    [Fact]
    public async Task The_running_transfer_of_the_same_file_is_answered_at_the_limit_too()
    {
        TransferOpening first = await _silo.CreateAsync(Send(fingerprint: "f"));
        for (int i = 1; i < MaxRunning; i++) await _silo.CreateAsync();
        Assert.Equal(first.Transfer.Id, (await CreateAsync(Send(fingerprint: "f"))).Ok().Transfer.Id);
        (await CreateAsync(Send(fingerprint: "g"))).Refused(FailureCode.LimitReached);
        (await CreateAsync(Send(fingerprint: "f") with { SizeBytes = 7 })).Refused(FailureCode.Conflict);
    }

    [Fact]
    public async Task What_was_refused_takes_no_place()
    {
        for (int i = 0; i < 2 * MaxRunning; i++)
            (await CreateAsync(Send() with { DataShards = 0 })).Refused(FailureCode.InvalidLayout);
        await _silo.Gateway.LeaveAsync(_silo.Grains);
        for (int i = 0; i < 2 * MaxRunning; i++) (await CreateAsync(Send(fingerprint: $"f{i}"))).Refused(FailureCode.NoGateway);
        await _silo.Gateway.AnnounceAsync(_silo.Grains);
        for (int i = 0; i < MaxRunning; i++) await Eventually.GetAsync("a place", () => CreateAsync(Send(fingerprint: $"f{i}")), outcome => outcome.IsOk);
    }

    [Fact]
    public async Task Bytes_are_counted_stored_and_being_sent()
    {
        TransferOpening stored = await _silo.CreateCompletedAsync();
        (await CreateAsync(Send() with { SizeBytes = 4 * SizeBytes })).Ok();
        Failure refusal = (await CreateAsync(Send() with { SizeBytes = 6 * SizeBytes })).Refused(FailureCode.QuotaReached);
        Assert.Contains($"files of {5 * SizeBytes} bytes", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"limit of {MaxBytes}", refusal.Message, StringComparison.Ordinal);
        Assert.False(refusal.Code.IsTransient());

        (await _silo.File(stored.Plan.FileId).DeleteAsync(Owner)).Ok();
        (await CreateAsync(Send() with { SizeBytes = 6 * SizeBytes })).Ok();
    }

    [Fact]
    public async Task Places_that_are_taken_are_found_again_after_a_restart()
    {
        for (int i = 0; i < MaxRunning; i++) await _silo.CreateAsync();
        TestSilo old = _silo;
        await old.StopAsync();
        _silo = await TestSilo.StartAsync(old.Folder, transfers: new() { MaxRunningPerOwner = MaxRunning });
        (await CreateAsync(Send())).Refused(FailureCode.LimitReached);
    }

    private Task<Outcome<TransferOpening>> CreateAsync(TransferRequest request) => _silo.Transfer(Guid.CreateVersion7()).CreateAsync(request);
}
