using ChunkStream.Abstractions.Tickets;
using ChunkStream.Core.Failures;
using ChunkStream.Tests.Grains;
using Xunit;

namespace ChunkStream.Tests.Abstractions;

public sealed class TicketAuthorityTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private readonly ManualTime _time = new();
    private readonly TicketAuthority _authority;

    public TicketAuthorityTests() => _authority = new(Key, _time);

    [Theory]
    [InlineData(TicketScope.Send)]
    [InlineData(TicketScope.Receive)]
    public async Task A_ticket_says_what_it_was_issued_for(TicketScope scope)
    {
        Guid transferId = Guid.CreateVersion7(), fileId = Guid.CreateVersion7();
        (string ticket, DateTimeOffset expiresAt) = _authority.Issue(transferId, fileId, scope);
        Assert.Equal(_time.GetUtcNow() + TicketAuthority.Lifetime, expiresAt);
        Assert.Equal(new Ticket(transferId, fileId, scope, expiresAt), (await _authority.VerifyAsync(ticket)).Ok());
    }

    [Fact]
    public async Task A_ticket_expires()
    {
        (string ticket, _) = _authority.Issue(Guid.Empty, Guid.NewGuid(), TicketScope.Receive);
        _time.Advance(TicketAuthority.Lifetime - TimeSpan.FromSeconds(1));
        (await _authority.VerifyAsync(ticket)).Ok();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await _authority.VerifyAsync(ticket)).Refused(FailureCode.TicketExpired);
    }

    [Fact]
    public async Task A_ticket_of_another_service_is_invalid()
    {
        byte[] otherKey = [.. Key];
        otherKey[31] ^= 1;
        (string ticket, _) = new TicketAuthority(otherKey, _time).Issue(Guid.NewGuid(), Guid.NewGuid(), TicketScope.Send);
        (await _authority.VerifyAsync(ticket)).Refused(FailureCode.TicketInvalid);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("garbage")]
    [InlineData("a.b.c")]
    // {"alg":"none"} with otherwise good claims and no signature.
    [InlineData("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJpc3MiOiJjaHVua3N0cmVhbSIsImF1ZCI6IlNlbmQiLCJleHAiOjQxMDI0NDQ4MDB9.")]
    public async Task Garbage_is_invalid(string ticket) => (await _authority.VerifyAsync(ticket)).Refused(FailureCode.TicketInvalid);

    [Fact]
    public async Task A_ticket_with_any_character_changed_is_invalid()
    {
        (string ticket, _) = _authority.Issue(Guid.NewGuid(), Guid.NewGuid(), TicketScope.Send);
        // The last character of base64url may carry bits that mean nothing.
        for (int i = 0; i < ticket.Length - 1; i += 3)
        {
            char changed = ticket[i] == 'A' ? 'B' : 'A';
            (await _authority.VerifyAsync(ticket[..i] + changed + ticket[(i + 1)..])).Refused(FailureCode.TicketInvalid);
        }
    }

    [Fact]
    public async Task A_megabyte_is_invalid() => (await _authority.VerifyAsync(new string('x', 1 << 20))).Refused(FailureCode.TicketInvalid);

    [Fact]
    public void A_short_key_is_refused() => Assert.Throws<ArgumentException>(() => new TicketAuthority(new byte[31], _time));
}
