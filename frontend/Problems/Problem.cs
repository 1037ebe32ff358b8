using System.Net.Mime;
using System.Text.Encodings.Web;
using System.Text.Json;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk.Control;
using Microsoft.AspNetCore.WebUtilities;

namespace ChunkStream.Frontend.Problems;

/// <summary>An answer that isn't a success, as RFC 9457 has it, with the stable code that programs read.</summary>
/// <param name="Type">Always <c>about:blank</c>: the code says which problem it is.</param>
/// <param name="Title">The HTTP status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong, with the value, and what is allowed.</param>
/// <param name="Code">A failure's stable name in kebab case, such as <c>not-found</c>.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail, string Code)
{
    // People read these by curl, and no browser takes problem+json for a page: apostrophes may stay what they are.
    private static readonly JsonSerializerOptions Json = new(ControlJson.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public static Task WriteAsync(HttpContext context, FailureCode code, string detail) =>
        WriteAsync(context, FailureStatus.Of(code), code, detail);

    /// <summary>Answers with the problem; <paramref name="status"/> may be finer than the code, such as 405.</summary>
    public static Task WriteAsync(HttpContext context, int status, FailureCode code, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        if (status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
            context.Response.Headers.RetryAfter = RetryAfter.TotalSeconds.ToString("0", null);
        var problem = new Problem("about:blank", ReasonPhrases.GetReasonPhrase(status), status, detail, code.ToName());
        return context.Response.WriteAsJsonAsync(problem, Json, MediaTypeNames.Application.ProblemJson, context.RequestAborted);
    }
}
