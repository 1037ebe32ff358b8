using System.Globalization;
using System.Net.Mime;
using ChunkStream.Core.Failures;
using ChunkStream.Frontend.Callers;
using ChunkStream.Frontend.Content;
using ChunkStream.Frontend.Problems;
using ChunkStream.Frontend.Requests;
using ChunkStream.Sdk.Control;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;

namespace ChunkStream.Frontend.Endpoints;

/// <summary><c>/api/v1/files/{id}/content</c> and <c>/manifest</c>: a file's bytes, each verified before it is passed on.</summary>
internal static class FileContentEndpoints
{
    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    public static void MapContent(this IEndpointRouteBuilder files)
    {
        files.MapMethods("/{id}/content", GetAndHead, ContentAsync)
            .Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Application.Octet)
            .Produces(StatusCodes.Status206PartialContent, contentType: MediaTypeNames.Application.Octet)
            .Produces(StatusCodes.Status304NotModified)
            .WithSummary("The file's bytes, or one range of them.");
        files.MapGet("/{id}/manifest", ManifestAsync)
            .Produces(StatusCodes.Status200OK, contentType: MediaTypeNames.Application.Octet)
            .WithSummary("The file's manifest: its layout and the hash of each of its chunks.");
    }

    private static async Task ContentAsync(string id, Caller caller, HttpContext context, StreamFaults faults)
    {
        StoredFile file = await caller.Control.GetFileAsync(Query.Id(id), context.RequestAborted);
        var tag = new EntityTagHeaderValue($"\"{file.Blake3}\"");
        DateTimeOffset lastModified = DateTimeOffset.FromUnixTimeSeconds(file.CreatedAt.ToUnixTimeSeconds());
        Describe(context.Response, tag, lastModified);
        if (Preconditions.IsNotModified(context.Request, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        ByteRange range = Preconditions.RangeOf(context.Request, tag, lastModified, file.SizeBytes);
        if (range.Kind == RangeKind.Unsatisfiable)
        {
            context.Response.GetTypedHeaders().ContentRange = new(file.SizeBytes);
            await Problem.WriteAsync(context, FailureCode.RangeNotSatisfiable,
                string.Create(CultureInfo.InvariantCulture, $"Range is '{Excerpt.Of(context.Request.Headers.Range.ToString())}'. The file has {file.SizeBytes} bytes."));
            return;
        }
        context.Response.ContentType = MediaTypeNames.Application.Octet;
        context.Response.ContentLength = range.LengthBytes;
        context.Response.Headers.ContentDisposition = AttachmentName.Header(file.Name);
        if (range.Kind == RangeKind.Part)
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.GetTypedHeaders().ContentRange =
                new(range.OffsetBytes, range.OffsetBytes + range.LengthBytes - 1, file.SizeBytes);
        }
        if (HttpMethods.IsHead(context.Request.Method) || range.LengthBytes == 0) return;
        await faults.GuardAsync(context, () =>
            caller.Bytes.ReadAsync(file.Id, range.OffsetBytes, range.LengthBytes, context.Response.Body, context.RequestAborted));
    }

    private static async Task ManifestAsync(string id, Caller caller, HttpContext context, StreamFaults faults)
    {
        StoredFile file = await caller.Control.GetFileAsync(Query.Id(id), context.RequestAborted);
        Describe(context.Response, new($"\"{file.ManifestDigest}\""), file.CreatedAt);
        context.Response.ContentType = MediaTypeNames.Application.Octet;
        await faults.GuardAsync(context, () =>
            caller.Bytes.ReadManifestAsync(file.Id, context.Response.Body, context.RequestAborted));
    }

    private static void Describe(HttpResponse response, EntityTagHeaderValue tag, DateTimeOffset lastModified)
    {
        ResponseHeaders headers = response.GetTypedHeaders();
        headers.ETag = tag;
        headers.LastModified = lastModified;
        // Whoever caches must ask again, since the key may be gone; the tag makes that cheap.
        headers.CacheControl = new() { Private = true, NoCache = true };
        response.Headers.AcceptRanges = "bytes";
        response.Headers.XContentTypeOptions = "nosniff";
    }
}
