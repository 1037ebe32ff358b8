using System.Net;
using System.Net.Http.Json;
using System.Text;
using ChunkStream.Core.Failures;
using ChunkStream.Frontend.Problems;
using ChunkStream.Sdk;
using Xunit;

namespace ChunkStream.Tests.Frontend;

public sealed class ProblemTests(FrontendFixture fixture) : IClassFixture<FrontendFixture>
{
    private readonly FrontendHost _host = fixture.Fresh();

    [Fact]
    public async Task Every_code_has_a_status_and_arrives_by_its_name()
    {
        Guid id = _host.Service.AddTransfer().Id;
        foreach (FailureCode code in Enum.GetValues<FailureCode>().Where(code => code != FailureCode.None))
        {
            _host.Service.Failure = new ChunkStreamException(code, $"This is {code}.");
            using HttpResponseMessage response = await _host.Http.GetAsync($"/api/v1/transfers/{id}");
            string detail = await response.AssertProblemAsync((HttpStatusCode)FailureStatus.Of(code), code.ToName());
            Assert.Equal($"This is {code}.", detail);
        }
    }

    [Fact]
    public void Statuses_are_errors_and_blame_the_right_side()
    {
        foreach (FailureCode code in Enum.GetValues<FailureCode>())
            Assert.InRange(FailureStatus.Of(code), 400, 599);
        Assert.Equal(404, FailureStatus.Of(FailureCode.NotFound));
        Assert.Equal(401, FailureStatus.Of(FailureCode.Unauthenticated));
        Assert.Equal(409, FailureStatus.Of(FailureCode.InvalidTransition));
        Assert.Equal(507, FailureStatus.Of(FailureCode.StoreFull));
        Assert.Equal(503, FailureStatus.Of(FailureCode.NoGateway));
        Assert.Equal(500, FailureStatus.Of((FailureCode)9999));
    }

    [Theory]
    [InlineData("GET", "/api/v1/nonsense", HttpStatusCode.NotFound, "not-found", "/api/v1/nonsense")]
    [InlineData("GET", "/api/nonsense", HttpStatusCode.NotFound, "not-found", "/api/nonsense")]
    [InlineData("GET", "/nonsense", HttpStatusCode.NotFound, "not-found", "/nonsense")]
    [InlineData("PATCH", "/api/v1/transfers", HttpStatusCode.MethodNotAllowed, "invalid-request", "GET, POST")]
    [InlineData("PUT", "/api/v1/transfers/019a2b3c-4d5e-7f60-8123-456789abcdef", HttpStatusCode.MethodNotAllowed, "invalid-request", "GET")]
    [InlineData("GET", "/api/v1/transfers/not-an-id", HttpStatusCode.BadRequest, "invalid-request", "not-an-id")]
    [InlineData("GET", "/api/v1/files/not-an-id", HttpStatusCode.BadRequest, "invalid-request", "not-an-id")]
    [InlineData("GET", "/api/v1/transfers/019a2b3c-4d5e-7f60-8123-456789abcdef", HttpStatusCode.NotFound, "not-found", "019a2b3c-4d5e-7f60-8123-456789abcdef")]
    [InlineData("GET", "/api/v1/transfers?limit=0", HttpStatusCode.BadRequest, "invalid-request", "1 to 1000")]
    [InlineData("GET", "/api/v1/transfers?limit=1e3", HttpStatusCode.BadRequest, "invalid-request", "1e3")]
    [InlineData("GET", "/api/v1/transfers?state=sleeping", HttpStatusCode.BadRequest, "invalid-request", "paused")]
    [InlineData("GET", "/api/v1/transfers?direction=2", HttpStatusCode.BadRequest, "invalid-request", "send, receive")]
    [InlineData("GET", "/api/v1/files?from=yesterdayish", HttpStatusCode.BadRequest, "invalid-request", "yesterdayish")]
    public async Task Requests_that_fit_nothing_are_problems_too(string method, string path, HttpStatusCode status, string code, string names)
    {
        using var request = new HttpRequestMessage(new(method), path);
        using HttpResponseMessage response = await _host.Http.SendAsync(request);
        Assert.Contains(names, await response.AssertProblemAsync(status, code), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "body")]
    [InlineData("", "body")]
    [InlineData("null", "body")]
    [InlineData("[]", "body")]
    [InlineData("{}", "direction")]
    [InlineData("""{"direction":"sideways","name":"a"}""", "'sideways' is not one of send, receive")]
    [InlineData("""{"direction":1,"name":"a"}""", "send, receive")]
    [InlineData("""{"direction":"send","name":"a","sizeBytes":"lots"}""", "sizeBytes")]
    [InlineData("""{"direction":"send","name":"a","sizeBytes":99999999999999999999}""", "sizeBytes")]
    [InlineData("""{"direction":"send","name":"a","dataShards":1.5}""", "dataShards")]
    [InlineData("""{"direction":"receive","fileId":"x"}""", "fileId")]
    [InlineData("""{"direction":"receive"}""", "fileId")]
    [InlineData("""{"direction":"send","name":"a","lossRate":2}""", "lossRate is '2'")]
    [InlineData("""{"direction":"send","name":"a","roundTripMs":-1}""", "roundTripMs is '-1'")]
    public async Task Bodies_that_cannot_be_read_are_explained(string body, string names)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _host.Http.PostAsync("/api/v1/transfers", content);
        string detail = await response.AssertProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains(names, detail, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ChunkStream.Sdk", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chunkBytes", 65537, "65536")]
    [InlineData("chunkBytes", 2097152, "1048576")]
    [InlineData("dataShards", 129, "128")]
    [InlineData("dataShards", 0, "128")]
    [InlineData("parityShards", 246, "245")]
    [InlineData("sizeBytes", -1, "17592186044416")]
    public async Task Layouts_out_of_bounds_name_the_value_and_the_bounds(string member, long value, string allowed)
    {
        var body = new Dictionary<string, object> { ["direction"] = "send", ["name"] = "a", [member] = value };
        using HttpResponseMessage response = await _host.Http.PostAsJsonAsync("/api/v1/transfers", body);
        string detail = await response.AssertProblemAsync(HttpStatusCode.BadRequest, "invalid-layout");
        Assert.Contains($"{member} is '{value}'", detail, StringComparison.Ordinal);
        Assert.Contains(allowed, detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_previous_chunk_size_that_no_chunk_can_have_is_refused()
    {
        using HttpResponseMessage response = await _host.Http.PostAsJsonAsync(
            "/api/v1/transfers", new { direction = "send", name = "a", sizeBytes = 1, previousChunkBytes = 65537 });
        string detail = await response.AssertProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.Contains("previousChunkBytes is '65537'. A chunk is a power of two", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_another_type_is_refused()
    {
        using var content = new StringContent("direction=send", Encoding.UTF8, "application/x-www-form-urlencoded");
        using HttpResponseMessage response = await _host.Http.PostAsync("/api/v1/transfers", content);
        Assert.Contains("application/json", await response.AssertProblemAsync(HttpStatusCode.UnsupportedMediaType, "invalid-request"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_too_large_is_refused()
    {
        using var content = new StringContent($"{{\"name\":\"{new string('a', 2_000_000)}\"}}", Encoding.UTF8, "application/json");
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/transfers") { Content = content };
        // Asks before it sends: an answer that comes in the middle of a body may be lost with its connection.
        request.Headers.ExpectContinue = true;
        using HttpResponseMessage response = await _host.Http.SendAsync(request);
        await response.AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, "invalid-request");
    }

    [Fact]
    public async Task What_nobody_expected_is_a_bare_500()
    {
        _host.Service.Failure = new InvalidOperationException("the secret of the house");
        using HttpResponseMessage response = await _host.Http.GetAsync("/api/v1/files");
        string detail = await response.AssertProblemAsync(HttpStatusCode.InternalServerError, "internal");
        Assert.DoesNotContain("secret", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "priority")]
    [InlineData("""{"priority":"urgent"}""", "high, normal, low")]
    [InlineData("""{"priority":1}""", "high, normal, low")]
    public async Task A_change_of_priority_names_one(string body, string names)
    {
        Guid id = _host.Service.AddTransfer().Id;
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _host.Http.PatchAsync($"/api/v1/transfers/{id}", content);
        Assert.Contains(names, await response.AssertProblemAsync(HttpStatusCode.BadRequest, "invalid-request"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-such-code", "x", "no-such-code")]
    [InlineData("none", "x", "none")]
    [InlineData("file-changed", "", "message")]
    public async Task A_reason_to_fail_needs_a_code_that_is_known_and_a_sentence(string code, string message, string names)
    {
        Guid id = _host.Service.AddTransfer().Id;
        using HttpResponseMessage response = await _host.Http.PostAsJsonAsync($"/api/v1/transfers/{id}/fail", new { code, message });
        Assert.Contains(names, await response.AssertProblemAsync(HttpStatusCode.BadRequest, "invalid-request"), StringComparison.Ordinal);
    }
}
