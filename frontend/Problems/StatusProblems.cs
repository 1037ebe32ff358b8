using ChunkStream.Core.Failures;
using ChunkStream.Sdk.Control;
using Microsoft.AspNetCore.Diagnostics;

namespace ChunkStream.Frontend.Problems;

/// <summary>Gives a body to the bare statuses that routing answers with: no such route, wrong method, wrong media type.</summary>
internal static class StatusProblems
{
    public static Task WriteAsync(StatusCodeContext context)
    {
        HttpRequest request = context.HttpContext.Request;
        HttpResponse response = context.HttpContext.Response;
        (FailureCode code, string detail) = response.StatusCode switch
        {
            StatusCodes.Status404NotFound =>
                (FailureCode.NotFound, $"Nothing is at '{Excerpt.Of(request.Path)}'; /openapi/v1.json describes what there is."),
            StatusCodes.Status405MethodNotAllowed =>
                (FailureCode.InvalidRequest, $"'{Excerpt.Of(request.Path)}' doesn't take {Excerpt.Of(request.Method)}; it takes {response.Headers.Allow}."),
            StatusCodes.Status415UnsupportedMediaType =>
                (FailureCode.InvalidRequest, $"The body's media type '{Excerpt.Of(request.ContentType ?? "none")}' is not taken here; send application/json."),
            int status => (FailureCode.InvalidRequest, $"The request was answered with status {status}."),
        };
        return Problem.WriteAsync(context.HttpContext, response.StatusCode, code, detail);
    }
}
