using ChunkStream.Frontend.Callers;
using ChunkStream.Frontend.Requests;
using ChunkStream.Sdk.Control;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ChunkStream.Frontend.Endpoints;

/// <summary><c>/api/v1/paths</c>: the health of networks, as clients measured it.</summary>
internal static class PathEndpoints
{
    public static void MapPaths(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder paths = api.MapGroup("/paths").WithTags("Paths");
        paths.MapGet("", ListAsync).WithSummary("Lists paths and their health.");
        paths.MapPost("", ReportAsync).WithSummary("Reports what a client measured on a path.");
    }

    private static async Task<Ok<IReadOnlyList<PathState>>> ListAsync(Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Ok(await caller.Control.ListPathsAsync(cancellationToken));

    private static async Task<Ok<PathState>> ReportAsync(PathReport report, Caller caller, CancellationToken cancellationToken)
    {
        PathRules.Check(report);
        return TypedResults.Ok(await caller.Control.ReportPathAsync(report, cancellationToken));
    }
}
