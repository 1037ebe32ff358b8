using System.Globalization;
using ChunkStream.Core.Failures;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChunkStream.Abstractions.Tickets;

/// <summary>
/// Signs tickets for grains and verifies them for gateways: JSON Web Tokens with HMAC-SHA-256 under one key that every silo of a
/// cluster holds. Clients pass them on and never look inside. Thread-safe.
/// </summary>
public sealed class TicketAuthority
{
    public const int KeyBytes = 32;

    /// <summary>Long enough for a slow link to open its lanes, short enough that a stolen one is soon worthless.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private const string Issuer = "chunkstream";
    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials;
    private readonly TimeProvider _time;

    /// <param name="key">At least <see cref="KeyBytes"/> random bytes, the same in every silo.</param>
    public TicketAuthority(byte[] key, TimeProvider time)
    {
        if (key.Length < KeyBytes) throw new ArgumentException($"The ticket key has {key.Length} bytes; it needs {KeyBytes} or more.", nameof(key));
        _credentials = new(new SymmetricSecurityKey(key), SecurityAlgorithms.HmacSha256);
        _time = time;
    }

    public (string Ticket, DateTimeOffset ExpiresAt) Issue(Guid transferId, Guid fileId, TicketScope scope)
    {
        DateTimeOffset expiresAt = _time.GetUtcNow() + Lifetime;
        string ticket = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = scope.ToString(),
            Expires = expiresAt.UtcDateTime,
            Claims = new Dictionary<string, object> { ["tid"] = transferId.ToString("N"), ["fid"] = fileId.ToString("N") },
            SigningCredentials = _credentials,
        });
        return (ticket, expiresAt);
    }

    /// <summary>The ticket's content, or <c>ticket-invalid</c> or <c>ticket-expired</c>.</summary>
    public async Task<Outcome<Ticket>> VerifyAsync(string ticket)
    {
        TokenValidationResult result = await _handler.ValidateTokenAsync(ticket, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudiences = Enum.GetNames<TicketScope>(),
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKey = _credentials.Key,
            RequireExpirationTime = true,
            ClockSkew = TimeSpan.Zero,
            // The handler's own check asks the wall clock; ours asks the clock that the rest of the service lives by.
            ValidateLifetime = false,
        });
        if (!result.IsValid || result.SecurityToken is not JsonWebToken token
            || !Guid.TryParse(Claim(token, "tid"), out Guid transferId) || !Guid.TryParse(Claim(token, "fid"), out Guid fileId)
            || !Enum.TryParse(token.Audiences.FirstOrDefault(), out TicketScope scope))
            return new Failure(FailureCode.TicketInvalid, "The ticket was not signed by this service.");
        DateTimeOffset expiresAt = new(token.ValidTo, TimeSpan.Zero);
        if (expiresAt <= _time.GetUtcNow())
            return new Failure(FailureCode.TicketExpired, $"The ticket expired at {expiresAt.ToString("O", CultureInfo.InvariantCulture)}; ask for a new one.");
        return new Ticket(transferId, fileId, scope, expiresAt);
    }

    private static string? Claim(JsonWebToken token, string name) => token.TryGetClaim(name, out var claim) ? claim.Value : null;
}
