using System.Net;
using System.Text.Json;
using ChunkStream.Core.Failures;
using ChunkStream.Sdk;
using Xunit;

namespace ChunkStream.Tests.Frontend;

public sealed class OpenApiTests
{
    private static readonly string[] Expected =
    [
        "get /api/v1/files", "put /api/v1/files", "get /api/v1/files/{id}", "delete /api/v1/files/{id}", "get /api/v1/files/{id}/content",
        "head /api/v1/files/{id}/content", "get /api/v1/files/{id}/manifest", "post /api/v1/files/{id}/open", "post /api/v1/files/{id}/verify", "get /api/v1/files/{id}/checks",
        "get /api/v1/gateways", "get /api/v1/paths", "post /api/v1/paths", "get /api/v1/transfers", "post /api/v1/transfers",
        "get /api/v1/transfers/{id}", "patch /api/v1/transfers/{id}", "delete /api/v1/transfers/{id}", "get /api/v1/transfers/{id}/session", "post /api/v1/transfers/{id}/open",
        "post /api/v1/transfers/{id}/pause", "post /api/v1/transfers/{id}/resume", "post /api/v1/transfers/{id}/cancel",
        "post /api/v1/transfers/{id}/complete", "post /api/v1/transfers/{id}/fail", "get /health/live", "get /health/ready",
    ];

    [Fact]
    public async Task The_document_describes_every_route_its_key_and_its_values()
    {
        await using FrontendHost host = await FrontendHost.StartAsync();
        using JsonDocument document = JsonDocument.Parse(await host.Http.GetStringAsync("/openapi/v1.json"));
        JsonElement root = document.RootElement;
        Assert.StartsWith("3.", root.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        string[] found = [.. root.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name} {path.Name}"))];
        Assert.Equal(Expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));

        JsonElement components = root.GetProperty("components");
        Assert.Equal("bearer", components.GetProperty("securitySchemes").GetProperty("ApiKey").GetProperty("scheme").GetString());
        JsonElement schemas = components.GetProperty("schemas");
        Assert.Equal(
            ["idle", "preparing", "transferring", "paused", "completing", "completed", "failed"],
            schemas.GetProperty("TransferState").GetProperty("enum").EnumerateArray().Select(value => value.GetString()));
        Assert.Contains("64", schemas.GetProperty("Digest").GetProperty("pattern").GetString(), StringComparison.Ordinal);
        foreach (JsonProperty operation in root.GetProperty("paths").EnumerateObject().Where(path => path.Name.StartsWith("/api/", StringComparison.Ordinal)).SelectMany(path => path.Value.EnumerateObject()))
        {
            Assert.True(operation.Value.TryGetProperty("security", out _), operation.Name);
            Assert.True(operation.Value.GetProperty("responses").TryGetProperty("401", out JsonElement unauthorized));
            Assert.True(unauthorized.GetProperty("content").TryGetProperty("application/problem+json", out _));
            Assert.False(string.IsNullOrEmpty(operation.Value.GetProperty("summary").GetString()));
        }
    }

    [Fact]
    public async Task Ready_needs_a_gateway_and_a_cluster()
    {
        await using FrontendHost host = await FrontendHost.StartAsync();
        Assert.Equal("""{"status":"ready"}""", await host.Http.GetStringAsync("/health/ready"));
        host.Service.GatewayCount = 0;
        await (await host.Http.GetAsync("/health/ready")).AssertProblemAsync(HttpStatusCode.ServiceUnavailable, "no-gateway");
        host.Service.Failure = new ChunkStreamException(FailureCode.TimedOut, "The cluster did not answer in time.");
        await (await host.Http.GetAsync("/health/ready")).AssertProblemAsync(HttpStatusCode.ServiceUnavailable, "timed-out");
        Assert.Equal("""{"status":"live"}""", await host.Http.GetStringAsync("/health/live"));
    }
}
