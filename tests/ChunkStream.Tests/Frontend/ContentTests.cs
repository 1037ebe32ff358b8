using System.Net;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using Xunit;

namespace ChunkStream.Tests.Frontend;

public sealed class ContentTests : IClassFixture<FrontendFixture>
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];

    private readonly FrontendHost _host;
    private StoredFile _file;

    public ContentTests(FrontendFixture fixture)
    {
        _host = fixture.Fresh();
        _file = _host.Service.AddFile(Bytes, "naïve \"../name\".bin");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task The_whole_file_with_its_headers(string method)
    {
        using HttpResponseMessage response = await AskAsync(method: method);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1000, response.Content.Headers.ContentLength);
        Assert.Equal("bytes", response.Headers.AcceptRanges.Single());
        Assert.Equal($"\"{_file.Blake3}\"", response.Headers.ETag!.ToString());
        Assert.Equal(FakeService.Created, response.Content.Headers.LastModified);
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal(
            "attachment; filename=\"na_ve _.._name_.bin\"; filename*=UTF-8''na%C3%AFve%20%22..%2Fname%22.bin",
            response.Content.Headers.GetValues("Content-Disposition").Single());
        Assert.Equal(method == "GET" ? Bytes : [], await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-99", 0, 100)]
    [InlineData("bytes=990-", 990, 10)]
    [InlineData("bytes=990-5000", 990, 10)]
    [InlineData("bytes=999-999", 999, 1)]
    [InlineData("bytes=-1", 999, 1)]
    [InlineData("bytes=-1000", 0, 1000)]
    [InlineData("bytes=-99999", 0, 1000)]
    [InlineData("bytes=0-", 0, 1000)]
    public async Task One_range(string range, int offset, int length)
    {
        foreach (string method in new[] { "GET", "HEAD" })
        {
            using HttpResponseMessage response = await AskAsync(range, method);
            Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
            Assert.Equal(length, response.Content.Headers.ContentLength);
            Assert.Equal($"bytes {offset}-{offset + length - 1}/1000", response.Content.Headers.ContentRange!.ToString());
            Assert.Equal(method == "GET" ? Bytes[offset..(offset + length)] : [], await response.Content.ReadAsByteArrayAsync());
        }
    }

    [Theory]
    [InlineData("bytes=1000-")]
    [InlineData("bytes=1000-1001")]
    [InlineData("bytes=-0")]
    public async Task A_range_of_bytes_that_are_not_there(string range)
    {
        using HttpResponseMessage response = await AskAsync(range);
        string detail = await response.AssertProblemAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "range-not-satisfiable");
        Assert.Contains(range, detail, StringComparison.Ordinal);
        Assert.Contains("1000 bytes", detail, StringComparison.Ordinal);
        Assert.Equal("bytes */1000", response.Content.Headers.ContentRange!.ToString());
    }

    [Theory]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("bytes=5-1")]
    [InlineData("bytes=x-")]
    [InlineData("lines=0-1")]
    [InlineData("bytes")]
    public async Task A_range_that_is_not_one_is_ignored(string range)
    {
        using HttpResponseMessage response = await AskAsync(range);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Bytes, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task If_range_holds_for_these_bytes_only()
    {
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync($"\"{_file.Blake3}\""));
        Assert.Equal(HttpStatusCode.PartialContent, await StatusAsync(FakeService.Created.ToString("R")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"W/\"{_file.Blake3}\""));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("\"another\""));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(FakeService.Created.AddSeconds(1).ToString("R")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("nonsense"));

        async Task<HttpStatusCode> StatusAsync(string condition)
        {
            using HttpResponseMessage response = await AskAsync("bytes=0-0", headers: ("If-Range", condition));
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData("\"{0}\"", true)]
    [InlineData("W/\"{0}\"", true)]
    [InlineData("\"x\", \"{0}\"", true)]
    [InlineData("*", true)]
    [InlineData("\"x\"", false)]
    [InlineData("nonsense", false)]
    public async Task If_none_match_saves_the_bytes(string tags, bool saved)
    {
        string value = tags.Replace("{0}", _file.Blake3.ToString(), StringComparison.Ordinal);
        using HttpResponseMessage response = await AskAsync("bytes=0-9", headers: ("If-None-Match", value));
        Assert.Equal(saved ? HttpStatusCode.NotModified : HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"\"{_file.Blake3}\"", response.Headers.ETag!.ToString());
        if (saved) Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task An_empty_file_has_no_bytes_and_no_ranges()
    {
        _file = _host.Service.AddFile([]);
        using HttpResponseMessage whole = await AskAsync();
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.Equal(0, whole.Content.Headers.ContentLength);
        using HttpResponseMessage range = await AskAsync("bytes=0-");
        await range.AssertProblemAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "range-not-satisfiable");
    }

    [Fact]
    public async Task A_failure_before_the_first_byte_is_a_problem()
    {
        _host.Service.ByteFailure = (0, new ChunkStreamException(FailureCode.ChunksMissing, "Stripe 0 has 9 of 10 chunks."));
        using HttpResponseMessage response = await AskAsync();
        await response.AssertProblemAsync(HttpStatusCode.Conflict, "chunks-missing");
        Assert.Null(response.Content.Headers.ContentRange);
        Assert.Null(response.Headers.ETag);
    }

    [Fact]
    public async Task A_failure_on_the_way_breaks_the_connection()
    {
        _host.Service.ByteFailure = (500, new ChunkStreamException(FailureCode.ChunksMissing, "Stripe 0 has 9 of 10 chunks."));
        // Whether the headers still arrive before the reset is up to the network; the end never looks whole.
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using HttpResponseMessage response = await AskAsync();
            await response.Content.ReadAsByteArrayAsync();
        });
    }

    [Fact]
    public async Task The_manifest_is_streamed()
    {
        using HttpResponseMessage response = await _host.Http.GetAsync($"/api/v1/files/{_file.Id}/manifest");
        Assert.Equal("a manifest", await response.Content.ReadAsStringAsync());
        Assert.Equal($"\"{_file.ManifestDigest}\"", response.Headers.ETag!.ToString());
    }

    private Task<HttpResponseMessage> AskAsync(string? range = null, string method = "GET", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new(method), $"/api/v1/files/{_file.Id}/content");
        if (range is not null) request.Headers.TryAddWithoutValidation("Range", range);
        foreach ((string name, string value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return _host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
