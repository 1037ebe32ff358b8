using ChunkStream.Frontend.Callers;
using ChunkStream.Frontend.Requests;
using ChunkStream.Sdk.Control;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ChunkStream.Frontend.Endpoints;

/// <summary><c>/api/v1/transfers</c>: what moves, has moved, or failed to.</summary>
internal static class TransferEndpoints
{
    private static readonly TimeSpan s_completedSoon = TimeSpan.FromMilliseconds(500);

    public static void MapTransfers(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder transfers = api.MapGroup("/transfers").WithTags("Transfers");
        transfers.MapPost("", CreateAsync)
            .WithSummary("Creates a transfer, or answers the unfinished one of the same name and fingerprint.");
        transfers.MapGet("", ListAsync).WithSummary("Lists transfers, newest first, or by name with a prefix of names.");
        transfers.MapGet("/{id}", GetAsync).WithSummary("Shows a transfer.");
        transfers.MapPatch("/{id}", ChangeAsync).WithSummary("Changes a transfer's priority.");
        transfers.MapDelete("/{id}", DeleteAsync).WithSummary("Forgets a transfer that has ended. A file that it sent stays.");
        transfers.MapGet("/{id}/session", GetSessionAsync)
            .WithSummary("Shows a transfer's durable progress: what is committed, what has failed, what is left, and whether it can go on.");
        transfers.MapPost("/{id}/open", OpenAsync).WithSummary("Answers a fresh ticket and what is committed by now.");
        transfers.MapPost("/{id}/pause", PauseAsync).WithSummary("Pauses a transfer.");
        transfers.MapPost("/{id}/resume", ResumeAsync).WithSummary("Resumes a paused transfer.");
        transfers.MapPost("/{id}/cancel", CancelAsync).WithSummary("Ends a transfer and frees what it stored.");
        transfers.MapPost("/{id}/complete", CompleteAsync)
            .WithSummary("Says that everything was sent (or received), and what the file's BLAKE3 is. The state tells the end.");
        transfers.MapPost("/{id}/fail", FailAsync).WithSummary("Gives a transfer up for a reason.");
    }

    private static async Task<Created<Opening>> CreateAsync(CreateTransfer request, Caller caller, CancellationToken cancellationToken)
    {
        TransferRules.Check(request);
        Opening opening = await caller.Control.CreateTransferAsync(request, cancellationToken);
        return TypedResults.Created($"/api/v1/transfers/{opening.Transfer.Id}", opening);
    }

    private static async Task<Ok<Page<Transfer>>> ListAsync(
        string? state, string? direction, string? priority, string? prefix, string? from, string? before, string? cursor, string? limit,
        Caller caller, CancellationToken cancellationToken)
    {
        var query = new TransferQuery(
            Query.Named<TransferState>(nameof(state), state), Query.Named<TransferDirection>(nameof(direction), direction),
            cursor, Query.Limit(limit), Query.Named<TransferPriority>(nameof(priority), priority), Query.Prefix(prefix),
            Query.Time(nameof(from), from), Query.Time(nameof(before), before));
        return TypedResults.Ok(await caller.Control.ListTransfersAsync(query, cancellationToken));
    }

    private static async Task<Ok<Transfer>> GetAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Ok(await caller.Control.GetTransferAsync(Query.Id(id), cancellationToken));

    private static async Task<Ok<Transfer>> ChangeAsync(string id, ChangeTransfer change, Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Ok(await caller.Control.SetPriorityAsync(Query.Id(id), change.Priority, cancellationToken));

    private static async Task<NoContent> DeleteAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        await caller.Control.DeleteTransferAsync(Query.Id(id), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<Session>> GetSessionAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Ok(await caller.Control.GetSessionAsync(Query.Id(id), cancellationToken));

    private static async Task<Ok<Opening>> OpenAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Ok(await caller.Control.OpenTransferAsync(Query.Id(id), cancellationToken));

    private static async Task<Ok<Transfer>> PauseAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Ok(await caller.Control.PauseAsync(Query.Id(id), cancellationToken));

    private static async Task<Ok<Transfer>> ResumeAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Ok(await caller.Control.ResumeAsync(Query.Id(id), cancellationToken));

    private static async Task<Ok<Transfer>> CancelAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Ok(await caller.Control.CancelAsync(Query.Id(id), cancellationToken));

    private static async Task<Ok<Transfer>> CompleteAsync(
        string id, CompleteTransfer request, Caller caller, TimeProvider time, CancellationToken cancellationToken)
    {
        long startedAt = time.GetTimestamp();
        Transfer transfer = await caller.Control.CompleteAsync(Query.Id(id), request.Blake3, cancellationToken);
        // Most are completed in a moment: the client needn't ask again over what may be a long way.
        for (TimeSpan pause = s_completedSoon / 100; !transfer.HasEnded && time.GetElapsedTime(startedAt) < s_completedSoon; pause *= 1.5)
        {
            await Task.Delay(pause, time, cancellationToken);
            transfer = await caller.Control.GetTransferAsync(transfer.Id, cancellationToken);
        }
        return TypedResults.Ok(transfer);
    }

    private static async Task<Ok<Transfer>> FailAsync(string id, FailTransfer request, Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Ok(await caller.Control.FailAsync(Query.Id(id), TransferRules.Check(request), cancellationToken));
}
