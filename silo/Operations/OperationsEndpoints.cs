using System.Data.Common;
using OpenTelemetry.Metrics;

namespace ChunkStream.Silo.Operations;

/// <summary>What operators and orchestrators ask a silo of its own: metrics, and whether it lives and is ready.</summary>
internal static class OperationsEndpoints
{
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("ChunkStream").AddPrometheusExporter());
        return services;
    }

    public static void MapOperations(this WebApplication app)
    {
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapGet("/health/live", () => Results.Text("live"));
        app.MapGet("/health/ready", async (IHostApplicationLifetime lifetime, DbDataSource database, CancellationToken cancellationToken) =>
            await IsReadyAsync(lifetime, database, cancellationToken)
                ? Results.Text("ready")
                : Results.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable));
    }

    private static async Task<bool> IsReadyAsync(IHostApplicationLifetime lifetime, DbDataSource database, CancellationToken cancellationToken)
    {
        if (!lifetime.ApplicationStarted.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested) return false;
        try
        {
            await using DbConnection connection = await database.OpenConnectionAsync(cancellationToken);
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }
}
