using ChunkStream.Core.Failures;
using ChunkStream.Frontend.Problems;
using ChunkStream.Sdk;
using ChunkStream.Sdk.Control;

namespace ChunkStream.Frontend.Endpoints;

/// <summary>
/// <c>/health/live</c>: this process answers. <c>/health/ready</c>: it can do its work, which takes a cluster that answers and a
/// gateway that has announced itself. Both are open, and say nothing that needs a key.
/// </summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder health = routes.MapGroup("/health").WithTags("Health");
        health.MapGet("/live", () => TypedResults.Ok(new Health("live"))).WithSummary("Whether this process answers.");
        health.MapGet("/ready", ReadyAsync).Produces<Health>().WithSummary("Whether the cluster answers and has a gateway.");
    }

    private static async Task ReadyAsync(HttpContext context, Func<string, IControlPlane> control)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(ReadyWithin);
        try
        {
            // Gateways have no owner; any name will do.
            IReadOnlyList<GatewayState> gateways = await control("health").ListGatewaysAsync(limit.Token);
            if (gateways.Count > 0) await context.Response.WriteAsJsonAsync(new Health("ready"), context.RequestAborted);
            else await Problem.WriteAsync(context, FailureCode.NoGateway, "No gateway has announced itself.");
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            await NotReadyAsync(context, FailureCode.TimedOut, $"The cluster did not answer within {ReadyWithin.TotalSeconds:0} s.");
        }
        catch (ChunkStreamException exception)
        {
            await NotReadyAsync(context, exception.Code, exception.Message);
        }
    }

    // Always 503, which is what load balancers understand; the code says more.
    private static Task NotReadyAsync(HttpContext context, FailureCode code, string detail) =>
        Problem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, code, detail);

    internal sealed record Health(string Status);
}
