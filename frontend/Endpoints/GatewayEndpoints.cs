using ChunkStream.Frontend.Callers;
using ChunkStream.Sdk.Control;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ChunkStream.Frontend.Endpoints;

/// <summary><c>/api/v1/gateways</c>: where chunks are taken.</summary>
internal static class GatewayEndpoints
{
    public static void MapGateways(this IEndpointRouteBuilder api) =>
        api.MapGet("/gateways", ListAsync).WithTags("Gateways").WithSummary("Lists the gateways that are there now.");

    private static async Task<Ok<IReadOnlyList<GatewayState>>> ListAsync(Caller caller, CancellationToken cancellationToken) =>
        TypedResults.Ok(await caller.Control.ListGatewaysAsync(cancellationToken));
}
