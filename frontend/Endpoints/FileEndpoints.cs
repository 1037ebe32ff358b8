using ChunkStream.Frontend.Callers;
using ChunkStream.Frontend.Requests;
using ChunkStream.Sdk.Control;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ChunkStream.Frontend.Endpoints;

/// <summary><c>/api/v1/files</c>: what is stored. Its bytes are <see cref="FileContentEndpoints"/>' and <see cref="FileUploadEndpoints"/>'.</summary>
internal static class FileEndpoints
{
    public static void MapFiles(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder files = api.MapGroup("/files").WithTags("Files");
        files.MapGet("", ListAsync).WithSummary("Lists files, newest first, or by name with a prefix of names.");
        files.MapGet("/{id}", GetAsync).WithSummary("Shows a file.");
        files.MapDelete("/{id}", DeleteAsync).WithSummary("Deletes a file and its chunks.");
        files.MapPost("/{id}/open", OpenAsync).WithSummary("Answers what is needed to read a file's chunks from the gateways.");
        files.MapPost("/{id}/verify", VerifyAsync).WithSummary("Reads and verifies the manifest and every chunk, and rebuilds what is bad.");
        files.MapGet("/{id}/checks", ListChecksAsync).WithSummary("Lists the verifications that were made last, newest first.");
        files.MapUpload();
        files.MapContent();
    }

    private static async Task<Ok<Page<StoredFile>>> ListAsync(
        string? prefix, string? from, string? before, string? cursor, string? limit, Caller caller, CancellationToken cancellationToken)
    {
        var query = new FileQuery(cursor, Query.Limit(limit), Query.Prefix(prefix), Query.Time(nameof(from), from), Query.Time(nameof(before), before));
        return TypedResults.Ok(await caller.Control.ListFilesAsync(query, cancellationToken));
    }

    private static async Task<Ok<StoredFile>> GetAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Ok(await caller.Control.GetFileAsync(Query.Id(id), cancellationToken));

    private static async Task<NoContent> DeleteAsync(string id, Caller caller, CancellationToken cancellationToken)
    {
        await caller.Control.DeleteFileAsync(Query.Id(id), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<Opening>> OpenAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Ok(await caller.Control.OpenFileAsync(Query.Id(id), cancellationToken));

    private static async Task<Ok<VerifyReport>> VerifyAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Ok(await caller.Control.VerifyFileAsync(Query.Id(id), cancellationToken));

    private static async Task<Ok<IReadOnlyList<IntegrityCheck>>> ListChecksAsync(string id, Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Ok(await caller.Control.ListChecksAsync(Query.Id(id), cancellationToken));
}
