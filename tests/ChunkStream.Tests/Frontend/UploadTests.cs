using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using ChunkStream.Core.Failures;
using ChunkStream.Core.Integrity;
using ChunkStream.Frontend.Bytes;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;
using Xunit;

namespace ChunkStream.Tests.Frontend;

public sealed class UploadTests(FrontendFixture fixture) : IClassFixture<FrontendFixture>
{
    private readonly FrontendHost _host = fixture.Fresh();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3_000_000)]
    public async Task A_body_becomes_a_file(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        using HttpResponseMessage response = await PutAsync("movie.mov", new ByteArrayContent(bytes));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        using var plane = new HttpControlPlane(_host.Url, _host.ApiKey);
        StoredFile file = await plane.GetFileAsync(Guid.Parse(response.Headers.Location!.ToString().Split('/')[^1]), default);
        Assert.Equal("movie.mov", file.Name);
        Assert.Equal(Blake3.Hash(bytes), file.Blake3);
        Assert.Equal(bytes, await _host.Http.GetByteArrayAsync($"/api/v1/files/{file.Id}/content"));
        Assert.Empty(Directory.EnumerateFiles(_host.SpoolDirectory));
    }

    [Fact]
    public async Task A_body_of_unknown_length_becomes_a_file()
    {
        using var content = new StreamContent(new MemoryStream(new byte[100_000]));
        content.Headers.ContentLength = null;
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/files?name=x") { Content = content };
        request.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage response = await _host.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public async Task Larger_bodies_than_a_command_are_taken()
    {
        using HttpResponseMessage response = await PutAsync("x", new ByteArrayContent(new byte[40_000_000]));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public async Task A_failure_to_store_leaves_no_spool_behind()
    {
        _host.Service.ByteFailure = (0, new ChunkStreamException(FailureCode.NoGateway, "No gateway has room."));
        using HttpResponseMessage response = await PutAsync("x", new ByteArrayContent(new byte[1000]));
        await response.AssertProblemAsync(HttpStatusCode.ServiceUnavailable, "no-gateway");
        Assert.Single(_host.Service.SentFrom);
        Assert.Empty(Directory.EnumerateFiles(_host.SpoolDirectory));
    }

    [Fact]
    public async Task A_part_of_a_file_is_refused()
    {
        var content = new ByteArrayContent(new byte[10]);
        content.Headers.ContentRange = new ContentRangeHeaderValue(0, 9, 100);
        using HttpResponseMessage response = await PutAsync("x", content);
        await response.AssertProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Fact]
    public async Task A_body_that_cannot_fit_is_refused_before_it_is_sent()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(_host.Url.Host, _host.Url.Port);
        await using NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT /api/v1/files?name=x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {_host.ApiKey}\r\nExpect: 100-continue\r\nContent-Length: {long.MaxValue / 2}\r\n\r\n"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        byte[] buffer = new byte[4096];
        int read = await stream.ReadAsync(buffer, limit.Token);
        Assert.StartsWith("HTTP/1.1 507", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_goes_away_leaves_no_spool_behind()
    {
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(_host.Url.Host, _host.Url.Port);
            await using NetworkStream stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"PUT /api/v1/files?name=x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {_host.ApiKey}\r\nContent-Length: 1000000\r\n\r\n"));
            await stream.WriteAsync(new byte[1000]);
            await Eventually.TrueAsync(() => Directory.EnumerateFiles(_host.SpoolDirectory).Any(), "the body's spool file exists");
        }
        await Eventually.TrueAsync(() => !Directory.EnumerateFiles(_host.SpoolDirectory).Any(), "the spool file is gone");
        Assert.Empty(_host.Service.SentFrom);
    }

    [Fact]
    public async Task What_a_killed_process_left_is_removed_and_what_is_in_use_stays()
    {
        string folder = Directory.CreateTempSubdirectory("chunkstream-spool-").FullName;
        var first = new Spool(folder);
        await using (SpooledBody body = await first.TakeAsync(new MemoryStream([1, 2, 3]), 3, default))
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "left.body"), [1]);
            _ = new Spool(folder);
            Assert.Equal([body.Path], Directory.EnumerateFiles(folder));
            Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(body.Path));
        }
        Assert.Empty(Directory.EnumerateFiles(folder));
        Directory.Delete(folder);
    }

    [Fact]
    public async Task A_full_disk_is_told_apart_from_a_broken_one()
    {
        if (!File.Exists("/dev/full")) return;
        await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        var exception = await Assert.ThrowsAsync<ChunkStreamException>(() => Spool.WriteAsync(full, new byte[10], default));
        Assert.Equal(FailureCode.StoreFull, exception.Code);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../../etc/passwd")]
    [InlineData("/")]
    [InlineData("C:\\x")]
    [InlineData(" ")]
    [InlineData("名前🎬")]
    [InlineData("a&b=c?d#e%20")]
    public async Task A_name_is_data(string name)
    {
        using HttpResponseMessage response = await PutAsync(name, new ByteArrayContent([1]));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(name, _host.Service.Files.Values.Single().File.Name);
        Assert.Empty(Directory.EnumerateFiles(_host.SpoolDirectory));
    }

    [Fact]
    public async Task The_longest_name_is_taken_in_its_longest_form()
    {
        string name = string.Concat(Enumerable.Repeat("名", 1024));
        using HttpResponseMessage response = await PutAsync(name, new ByteArrayContent([1]));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        using HttpResponseMessage content = await _host.Http.GetAsync(response.Headers.Location + "/content");
        Assert.Equal(name, content.Content.Headers.ContentDisposition!.FileNameStar);
    }

    [Theory]
    [InlineData("", "1 to 1024")]
    [InlineData("\0", "U+0000")]
    [InlineData("a\nb", "U+000A at position 1")]
    [InlineData("\u0085", "U+0085")]
    [InlineData(null, "missing")]
    public async Task A_name_that_is_none_is_refused(string? name, string says)
    {
        using HttpResponseMessage response = await PutAsync(name, new ByteArrayContent([1]));
        string detail = await response.AssertProblemAsync(HttpStatusCode.BadRequest, "invalid-name");
        Assert.Contains(says, detail, StringComparison.Ordinal);
        Assert.DoesNotContain(detail, char.IsControl);
    }

    [Theory]
    [InlineData('a')]
    [InlineData('名')]
    public async Task A_name_that_is_too_long_is_refused_and_cut_short_in_the_message(char letter)
    {
        using HttpResponseMessage response = await PutAsync(new string(letter, 10_000), new ByteArrayContent([1]));
        string detail = await response.AssertProblemAsync(HttpStatusCode.BadRequest, "invalid-name");
        Assert.Contains("10000 characters", detail, StringComparison.Ordinal);
        Assert.True(detail.Length < 400, detail);
    }

    private Task<HttpResponseMessage> PutAsync(string? name, HttpContent content) =>
        _host.Http.PutAsync(name is null ? "/api/v1/files" : $"/api/v1/files?name={Uri.EscapeDataString(name)}", content);
}
