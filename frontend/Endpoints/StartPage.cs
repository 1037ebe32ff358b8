namespace ChunkStream.Frontend.Endpoints;

/// <summary><c>/</c>: says where things are.</summary>
internal static class StartPage
{
    private const string Text = """
        ChunkStream

        /api/v1            the commands; they need an API key: Authorization: Bearer KEY
        /openapi/v1.json   their description
        /health/live       whether this process answers
        /health/ready      whether the service can do its work
        /metrics           figures for Prometheus

        """;

    public static void MapStartPage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/", () => TypedResults.Text(Text, "text/plain; charset=utf-8")).ExcludeFromDescription();
}
