using ChunkStream.Frontend.Bytes;
using ChunkStream.Frontend.Callers;
using ChunkStream.Frontend.Requests;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace ChunkStream.Frontend.Endpoints;

/// <summary><c>PUT /api/v1/files?name=NAME</c>: for clients that speak nothing but HTTP. One answer, after the file is Completed.</summary>
internal static class FileUploadEndpoints
{
    public static void MapUpload(this IEndpointRouteBuilder files) => files.MapPut("", PutAsync)
        .WithMetadata(new DisableRequestSizeLimitAttribute())
        .WithSummary("Stores the request's body as a file.");

    private static async Task<Created<StoredFile>> PutAsync(
        string? name, HttpRequest request, Caller caller, Spool spool, CancellationToken cancellationToken)
    {
        string checkedName = FileName.Check(name);
        if (request.Headers.ContentRange.Count > 0)
            throw Refusal.Of(HeaderNames.ContentRange, request.Headers.ContentRange, "A file is put whole; a part of one isn't taken.");
        await using SpooledBody body = await spool.TakeAsync(request.Body, request.ContentLength, cancellationToken);
        SendResult sent = await caller.Bytes.SendAsync(body.Path, checkedName, cancellationToken);
        StoredFile file = await caller.Control.GetFileAsync(sent.FileId, cancellationToken);
        return TypedResults.Created($"/api/v1/files/{file.Id}", file);
    }
}
