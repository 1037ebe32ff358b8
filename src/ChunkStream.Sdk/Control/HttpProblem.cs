using System.Net;
using System.Text.Json;
using ChunkStream.Core.Failures;

namespace ChunkStream.Sdk.Control;

/// <summary>
/// Reads an answer that isn't a success. The service's own answers are problem+json with a stable <c>code</c>; something in between,
/// such as a proxy, knows only HTTP statuses.
/// </summary>
internal static class HttpProblem
{
    // A service's problem is a few hundred bytes; a proxy's error page can be anything.
    private const int MaxBytes = 64 * 1024;

    public static async Task<ChunkStreamException> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json" or "application/json"
            && await ReadBodyAsync(response, cancellationToken).ConfigureAwait(false) is { } problem) return problem;
        return new(CodeOf(response.StatusCode),
            $"{response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Authority)} answered {(int)response.StatusCode} {response.ReasonPhrase} and didn't say why.");
    }

    private static async Task<ChunkStreamException?> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken).ConfigureAwait(false);
            using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            using JsonDocument document = await JsonDocument.ParseAsync(body, default, cancellationToken).ConfigureAwait(false);
            if (Text(document, "code") is not { } code) return null;
            return new(FailureCodeExtensions.FromName(code), Text(document, "detail") ?? Text(document, "title") ?? code);
        }
        catch (Exception exception) when (exception is JsonException or HttpRequestException)
        {
            return null;
        }
    }

    private static string? Text(JsonDocument document, string name) =>
        document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static FailureCode CodeOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => FailureCode.Unauthenticated,
        HttpStatusCode.Forbidden => FailureCode.NotAllowed,
        HttpStatusCode.NotFound => FailureCode.NotFound,
        HttpStatusCode.Conflict => FailureCode.Conflict,
        HttpStatusCode.TooManyRequests => FailureCode.LimitReached,
        HttpStatusCode.InsufficientStorage => FailureCode.StoreFull,
        HttpStatusCode.RequestTimeout or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => FailureCode.Unreachable,
        < HttpStatusCode.InternalServerError => FailureCode.InvalidRequest,
        _ => FailureCode.Internal,
    };
}
