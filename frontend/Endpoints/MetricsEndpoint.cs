using System.Net;
using ChunkStream.Core.Failures;
using ChunkStream.Frontend.Problems;

namespace ChunkStream.Frontend.Endpoints;

/// <summary><c>/metrics</c>, for this machine alone unless the options open it.</summary>
internal static class MetricsEndpoint
{
    private const string Path = "/metrics";

    public static void MapMetrics(this WebApplication app, bool open)
    {
        if (!open) app.UseWhen(context => context.Request.Path.StartsWithSegments(Path), branch => branch.Use(LoopbackOnly));
        app.MapPrometheusScrapingEndpoint(Path);
    }

    // No address is a connection that isn't IP: a Unix socket, which is this machine too.
    private static Task LoopbackOnly(HttpContext context, RequestDelegate next) =>
        context.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address)
            ? next(context)
            : Problem.WriteAsync(context, FailureCode.NotAllowed, "Metrics are for this machine alone; the option OpenMetrics opens them.");
}
