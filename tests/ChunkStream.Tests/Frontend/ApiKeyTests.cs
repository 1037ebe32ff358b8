using System.Net;
using System.Security.Cryptography;
using System.Text;
using ChunkStream.Frontend;
using ChunkStream.Frontend.Keys;
using Microsoft.Extensions.Options;
using Xunit;

namespace ChunkStream.Tests.Frontend;

public sealed class ApiKeyTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("cs_wrong")]
    [InlineData("cs_wrong with blanks")]
    public async Task Without_a_known_key_there_is_no_api(string? key)
    {
        await using FrontendHost host = await FrontendHost.StartAsync();
        using HttpClient client = host.Client(null);
        if (key is not null) client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        foreach (string path in new[] { "/api/v1/transfers", "/api/v1/files", "/api/v1/paths", "/api/v1/gateways", "/api/v1/files/not-an-id" })
        {
            using HttpResponseMessage response = await client.GetAsync(path);
            string detail = await response.AssertProblemAsync(HttpStatusCode.Unauthorized, "unauthenticated");
            Assert.Contains("API key", detail, StringComparison.Ordinal);
            Assert.DoesNotContain("cs_", detail, StringComparison.Ordinal);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        }
        Assert.Empty(host.Service.Calls);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/metrics")]
    [InlineData("/")]
    public async Task What_is_open_needs_no_key(string path)
    {
        await using FrontendHost host = await FrontendHost.StartAsync();
        using HttpClient client = host.Client(null);
        using HttpResponseMessage response = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_key_is_its_owner()
    {
        await using FrontendHost host = await FrontendHost.StartAsync(Entry("alice", "cs_a"), Entry("bob", "cs_b"), Entry("alice", "cs_a2"));
        Guid id = host.Service.AddTransfer(owner: "alice").Id;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("cs_a"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("cs_a2"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("cs_b"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(host.ApiKey));
        Assert.Equal(["alice: get", "alice: get", "bob: get", "local: get"], host.Service.Calls);

        async Task<HttpStatusCode> StatusAsync(string key)
        {
            using HttpClient client = host.Client(key);
            using HttpResponseMessage response = await client.GetAsync($"/api/v1/transfers/{id}");
            return response.StatusCode;
        }
    }

    [Fact]
    public void A_folder_gets_one_key_which_its_owner_alone_can_read()
    {
        string folder = Path.Combine(Directory.CreateTempSubdirectory("chunkstream-key-").FullName, "new");
        string key = ApiKeyFile.Ensure(folder);
        Assert.Matches("^cs_[A-Za-z0-9_-]{43}$", key);
        Assert.Equal(key, ApiKeyFile.Ensure(folder));
        Assert.Equal(key, ApiKeyFile.Read(folder));
        Assert.Equal(["api-key"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ApiKeyFile.PathIn(folder)));
        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
    }

    [Fact]
    public async Task Starts_at_the_same_moment_agree_on_one_key()
    {
        // Many rounds: one start in hundreds is what a race needs.
        for (int round = 0; round < 100; round++)
        {
            string folder = Directory.CreateTempSubdirectory("chunkstream-key-").FullName;
            string[] keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ApiKeyFile.Ensure(folder))));
            Assert.Single(keys.Distinct());
            Assert.Equal(keys[0], ApiKeyFile.Read(folder));
            Assert.Equal([ApiKeyFile.PathIn(folder)], Directory.GetFileSystemEntries(folder));
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Options_that_do_not_hold_together_say_everything_at_once()
    {
        var options = new FrontendOptions
        {
            ApiKeys = [new() { Name = "Not A Name", Sha256 = new('0', 64) }, new() { Name = "short", Sha256 = "12" }],
            SiloGateways = ["localhost:30000"],
        };
        var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder();
        var exception = Assert.Throws<OptionsValidationException>(() => builder.AddChunkStreamFrontend(options));
        Assert.Equal(4, exception.Failures.Count());
        foreach (string named in new[] { "DataDirectory", "Not A Name", "'short'", "localhost:30000" })
            Assert.Contains(exception.Failures, failure => failure.Contains(named, StringComparison.Ordinal));
    }

    private static ApiKeyEntry Entry(string name, string key) =>
        new() { Name = name, Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))) };
}
