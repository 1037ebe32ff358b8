using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using ChunkStream.Frontend;
using ChunkStream.Sdk.Control;
using ChunkStream.Sdk.Orleans;
using ChunkStream.Tests.Grains;
using Xunit;

namespace ChunkStream.Tests.Frontend;

/// <summary>What the grains refuse, as HTTP tells it: real endpoints over a real silo.</summary>
public sealed class TransferRefusalTests : IAsyncLifetime
{
    private const string Unknown = "019a2b3c-4d5e-7f60-8123-456789abcdef";
    private static readonly (string Method, string Path)[] s_commands =
    [
        ("GET", ""), ("DELETE", ""), ("GET", "/session"), ("POST", "/open"), ("POST", "/pause"), ("POST", "/resume"), ("POST", "/cancel"),
    ];

    private TestSilo _silo = null!;
    private FrontendHost _host = null!;
    private HttpClient _alice = null!;
    private HttpClient _mallory = null!;

    public async Task InitializeAsync()
    {
        _silo = await TestSilo.StartAsync(transfers: new() { MaxRunningPerOwner = 4, MaxBytesPerOwner = 1L << 40 });
        _host = await FrontendHost.StartAsync(
            owner => new OrleansControlPlane(_silo.Grains, owner),
            Entry("alice"), Entry("mallory"));
        (_alice, _mallory) = (_host.Client(KeyOf("alice")), _host.Client(KeyOf("mallory")));
    }

    public async Task DisposeAsync()
    {
        _alice.Dispose();
        _mallory.Dispose();
        await _host.DisposeAsync();
        await _silo.DisposeAsync();
    }

    [Fact]
    public async Task Nobody_without_a_key_gets_an_answer_and_another_owner_finds_nothing()
    {
        Guid id = (await CreateAsync()).Id;
        using HttpClient nobody = _host.Client(null);
        foreach ((string method, string path) in s_commands)
        {
            await RefusedAsync(nobody, method, $"{id}{path}", HttpStatusCode.Unauthorized, "unauthenticated");
            await RefusedAsync(_mallory, method, $"{id}{path}", HttpStatusCode.NotFound, "not-found");
            await RefusedAsync(_alice, method, $"{Unknown}{path}", HttpStatusCode.NotFound, "not-found");
        }
        await RefusedAsync(_mallory, "PATCH", $"{id}", HttpStatusCode.NotFound, "not-found", new { priority = "high" });
        await RefusedAsync(_mallory, "POST", $"{id}/complete", HttpStatusCode.NotFound, "not-found", new { blake3 = TestFiles.Hash(1).ToString() });
        await RefusedAsync(_mallory, "POST", $"{id}/fail", HttpStatusCode.NotFound, "not-found", new { code = "file-changed", message = "x" });
        Assert.Equal("transferring", (await GetAsync(id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Events_out_of_order_name_the_event_and_the_state()
    {
        Guid id = (await CreateAsync()).Id;
        Assert.Contains("5 are needed", await RefusedAsync(
            _alice, "POST", $"{id}/complete", HttpStatusCode.Conflict, "chunks-missing", new { blake3 = TestFiles.Hash(1).ToString() }), StringComparison.Ordinal);
        (await _alice.PostAsync($"/api/v1/transfers/{id}/pause", null)).EnsureSuccessStatusCode();
        string detail = await RefusedAsync(
            _alice, "POST", $"{id}/complete", HttpStatusCode.Conflict, "invalid-transition", new { blake3 = TestFiles.Hash(1).ToString() });
        Assert.Contains("TransferComplete", detail, StringComparison.Ordinal);
        Assert.Contains("Paused", detail, StringComparison.Ordinal);
        Assert.Contains("Paused", await RefusedAsync(_alice, "DELETE", $"{id}", HttpStatusCode.Conflict, "conflict"), StringComparison.Ordinal);

        (await _alice.PostAsync($"/api/v1/transfers/{id}/cancel", null)).EnsureSuccessStatusCode();
        foreach (string command in (string[])["pause", "resume"])
            Assert.Contains("Failed", await RefusedAsync(_alice, "POST", $"{id}/{command}", HttpStatusCode.Conflict, "invalid-transition"), StringComparison.Ordinal);
        await RefusedAsync(_alice, "POST", $"{id}/open", HttpStatusCode.Conflict, "transfer-not-open");
        await RefusedAsync(_alice, "PATCH", $"{id}", HttpStatusCode.Conflict, "transfer-not-open", new { priority = "high" });
    }

    [Fact]
    public async Task A_completed_transfer_is_not_started_again()
    {
        var plane = new OrleansControlPlane(_silo.Grains, "alice");
        Transfer transfer = await CreateAsync();
        await _silo.Session(transfer.SessionId).RecordCommittedAsync(TestFiles.DataChunks());
        await plane.CompleteAsync(transfer.Id, TestFiles.Hash(1), default);
        await Grains.Eventually.GetAsync("the transfer to complete", () => plane.GetTransferAsync(transfer.Id, default), found => found.HasEnded);
        foreach (string command in (string[])["pause", "resume", "cancel"])
            Assert.Contains("Completed", await RefusedAsync(_alice, "POST", $"{transfer.Id}/{command}", HttpStatusCode.Conflict, "invalid-transition"), StringComparison.Ordinal);
        await RefusedAsync(_alice, "POST", $"{transfer.Id}/open", HttpStatusCode.Conflict, "transfer-not-open");
        await RefusedAsync(_alice, "POST", $"{transfer.Id}/complete", HttpStatusCode.Conflict, "conflict", new { blake3 = TestFiles.Hash(2).ToString() });
        await RefusedAsync(_alice, "POST", $"{transfer.Id}/fail", HttpStatusCode.Conflict, "invalid-transition", new { code = "file-changed", message = "x" });
    }

    [Fact]
    public async Task Another_file_under_the_same_key_and_one_too_many_are_refused()
    {
        Transfer first = await CreateAsync("f");
        Assert.Contains("7", await RefusedAsync(_alice, "POST", "", HttpStatusCode.Conflict, "conflict", Request("f", 7)), StringComparison.Ordinal);
        Assert.Equal(first.Id, (await CreateAsync("f")).Id);
        Assert.Contains("limit of 1099511627776", await RefusedAsync(
            _alice, "POST", "", HttpStatusCode.Conflict, "quota-reached", Request("", 1L << 40)), StringComparison.Ordinal);
        for (int i = 1; i < 4; i++) await CreateAsync();
        string detail = await RefusedAsync(_alice, "POST", "", HttpStatusCode.TooManyRequests, "limit-reached", Request("", TestFiles.SizeBytes));
        Assert.Contains("'alice' has 4 transfers", detail, StringComparison.Ordinal);
        Assert.Contains("the limit is 4", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_session_tells_what_is_left()
    {
        Transfer transfer = await CreateAsync();
        await _silo.Session(transfer.SessionId).RecordCommittedAsync(TestFiles.Chunks((0, 0), (0, 1)));
        using var response = await _alice.GetAsync($"/api/v1/transfers/{transfer.Id}/session");
        Session session = (await response.Content.ReadFromJsonAsync<Session>(ControlJson.Options))!;
        Assert.Equal(("active", 2L, 2L * TestFiles.ChunkBytes, true), (session.Status, session.CommittedChunks, session.CommittedBytes, session.IsResumable));
        Assert.Equal(TestFiles.Layout.StoredBytes, session.TotalBytes);
        Assert.Equal([1, 2], session.Remaining[0]);
        Assert.Equal([0, 1], session.Remaining[2]);
    }

    private static string KeyOf(string owner) => $"cs_test-key-of-{owner}";

    private static ApiKeyEntry Entry(string owner) => new() { Name = owner, Sha256 = Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(KeyOf(owner)))) };

    private async Task<Transfer> CreateAsync(string fingerprint = "")
    {
        using HttpResponseMessage response = await _alice.PostAsJsonAsync("/api/v1/transfers", Request(fingerprint, TestFiles.SizeBytes));
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<Opening>(ControlJson.Options))!.Transfer;
    }

    private async Task<System.Text.Json.JsonElement> GetAsync(Guid id) => await _alice.GetFromJsonAsync<System.Text.Json.JsonElement>($"/api/v1/transfers/{id}");

    private static object Request(string fingerprint, long sizeBytes) => new
    {
        direction = "send",
        name = "film.mov",
        fingerprint,
        sizeBytes,
        chunkBytes = TestFiles.ChunkBytes,
        dataShards = 4,
        parityShards = 2,
    };

    private static async Task<string> RefusedAsync(
        HttpClient client, string method, string path, HttpStatusCode status, string code, object? body = null)
    {
        using var request = new HttpRequestMessage(new(method), $"/api/v1/transfers{(path.Length == 0 ? "" : "/")}{path}");
        if (body is not null) request.Content = JsonContent.Create(body);
        using HttpResponseMessage response = await client.SendAsync(request);
        return await response.AssertProblemAsync(status, code);
    }
}
