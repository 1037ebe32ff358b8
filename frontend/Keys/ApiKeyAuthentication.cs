using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using ChunkStream.Core.Failures;
using ChunkStream.Frontend.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ChunkStream.Frontend.Keys;

/// <summary>Takes <c>Authorization: Bearer KEY</c>; the user's name is the key's owner.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "ApiKey";
    private const string Bearer = "Bearer";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers[HeaderNames.WWWAuthenticate] = Bearer;
        string detail = PresentedKey() is null
            ? "This needs an API key: send it as 'Authorization: Bearer KEY'."
            : "The API key that was sent is not known here.";
        return Problem.WriteAsync(Context, FailureCode.Unauthenticated, detail);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problem.WriteAsync(Context, FailureCode.NotAllowed, "This API key may not do that.");

    private AuthenticateResult Authenticate()
    {
        if (PresentedKey() is not { } key) return AuthenticateResult.NoResult();
        if (keys.OwnerOf(key) is not { } owner) return AuthenticateResult.Fail("Unknown API key.");
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, owner)], SchemeName);
        return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), SchemeName));
    }

    private string? PresentedKey() =>
        AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out AuthenticationHeaderValue? header)
        && string.Equals(header.Scheme, Bearer, StringComparison.OrdinalIgnoreCase) && !string.IsNullOrEmpty(header.Parameter)
            ? header.Parameter
            : null;
}
