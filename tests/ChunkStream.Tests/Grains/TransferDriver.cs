using ChunkStream.Abstractions;
using ChunkStream.Abstractions.Catalog;
using ChunkStream.Abstractions.Transfers;
using ChunkStream.Core.Failures;
using ChunkStream.Grains.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace ChunkStream.Tests.Grains;

/// <summary>What tests do with transfers again and again.</summary>
internal static class TransferDriver
{
    public static T Ok<T>(this Outcome<T> outcome)
    {
        Assert.True(outcome.IsOk, outcome.Failure?.ToString());
        return outcome.Value!;
    }

    public static Failure Refused<T>(this Outcome<T> outcome, FailureCode code)
    {
        Assert.Equal(code, outcome.Code);
        Assert.False(string.IsNullOrEmpty(outcome.Message));
        return outcome.Failure!;
    }

    public static async Task<TransferOpening> CreateAsync(this TestSilo silo, TransferRequest? request = null) =>
        (await silo.Transfer(Guid.CreateVersion7()).CreateAsync(request ?? TestFiles.Send())).Ok();

    /// <summary>A transfer whose data chunks are committed.</summary>
    public static async Task<TransferOpening> CreateSentAsync(this TestSilo silo, TransferRequest? request = null)
    {
        TransferOpening opening = await silo.CreateAsync(request);
        (await silo.Session(opening.Plan.SessionId).RecordCommittedAsync(TestFiles.DataChunks())).Ok();
        return opening;
    }

    /// <summary>A transfer that was sent, and whose file is whole.</summary>
    public static async Task<TransferOpening> CreateCompletedAsync(this TestSilo silo, TransferRequest? request = null)
    {
        TransferOpening opening = await silo.CreateSentAsync(request);
        (await silo.Transfer(opening.Transfer.Id).CompleteAsync(opening.Plan.Owner, TestFiles.Hash(1))).Ok();
        await silo.WaitForAsync(opening, TransferState.Completed);
        return opening;
    }

    /// <summary>The transfer's end, and all that follows from it: its place in the listings says so last.</summary>
    public static Task<TransferInfo> WaitForSettledAsync(this TestSilo silo, TransferOpening opening) =>
        Eventually.GetAsync($"transfer {opening.Transfer.Id} to have ended and be settled", async () =>
        {
            TransferInfo info = await silo.GetAsync(opening);
            CatalogStore catalog = silo.Host.Services.GetRequiredService<CatalogStore>();
            return (await catalog.UnsettledTransfersAsync(null, 1000)).Contains(opening.Transfer.Id) ? info with { State = TransferState.Completing } : info;
        }, info => info.State is TransferState.Completed or TransferState.Failed);

    public static async Task<TransferInfo> GetAsync(this TestSilo silo, TransferOpening opening) =>
        (await silo.Transfer(opening.Transfer.Id).GetAsync(opening.Plan.Owner)).Ok();

    public static Task<TransferInfo> WaitForAsync(this TestSilo silo, TransferOpening opening, TransferState state) =>
        Eventually.GetAsync($"transfer {opening.Transfer.Id} to be {state}", () => silo.GetAsync(opening), info => info.State == state);

    public static Task<TransferInfo?> WaitForListedAsync(this TestSilo silo, TransferOpening opening, TransferState state) =>
        Eventually.GetAsync<TransferInfo?>($"transfer {opening.Transfer.Id} to be listed as {state}", async () =>
        {
            Page<TransferInfo> page = await silo.Catalog.ListTransfersAsync(new() { Owner = opening.Plan.Owner, Limit = 1000 });
            return page.Items.SingleOrDefault(transfer => transfer.Id == opening.Transfer.Id);
        }, info => info?.State == state);
}
